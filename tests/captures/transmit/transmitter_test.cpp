// What sends frames without an interface, and what is known of the one that every system has.
#include "captures/transmit/transmitter.h"

#include <array>
#include <filesystem>
#include <iterator>

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "captures/transmit/network_interface.h"
#include "captures/transmit/sinks.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

const Octets octets = octets_of("a frame of no protocol");
const std::array frames{Packet{.number = 1, .time_ns = 5'000, .wire_length = 22, .bytes = octets},
                        Packet{.number = 2, .time_ns = 7'000, .wire_length = 99, .bytes = octets}};
constexpr TransmitCounts both{.frames = 2, .octets = 44, .retried = 0, .held_back = 0};
const std::atomic<bool> never = false;

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST(Sinks, TakeEverything) {
  NullSink nowhere;
  EXPECT_EQ(nowhere.send(frames), 2U);
  nowhere.finish(never);
  EXPECT_EQ(nowhere.counts(), both);

  const TemporaryDirectory directory;
  const std::string path = directory.path("sent.pcapng");
  const std::vector<CaptureInfo> captures;
  FileSink file(path, captures, own_rights());
  EXPECT_EQ(file.send(frames), 2U);
  file.finish(never);
  EXPECT_EQ(file.counts(), both);
  const WholeCapture written = read_all({path});
  ASSERT_EQ(written.packets.size(), 2U);
  EXPECT_EQ(written.packets[1].time_ns, 7'000);
  EXPECT_EQ(written.packets[1].wire_length, 99U);
  EXPECT_EQ(written.packets[1].bytes, octets);
}

TEST(NetworkInterface, IsKnownByItsName) {
  const NetworkInterface loopback = find_network_interface("lo");
  EXPECT_EQ(loopback.link_type, LinkType::ethernet);
  EXPECT_GE(loopback.index, 1);
  EXPECT_GE(loopback.mtu, 1500U);
  EXPECT_FALSE(loopback.carries_default_route);
}

TEST(NetworkInterface, IsRefusedWhereThereIsNone) {
  for (const char* name : {"", "no-such-one", "a-name-longer-than-any-interface-has"}) {
    try {
      static_cast<void>(find_network_interface(name));
      FAIL() << name;
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code(), ExitCode::no_permission);
      EXPECT_NE(std::string(failure.what()).find("no such interface"), std::string::npos);
    }
    EXPECT_EQ(CountedInterface(name).read().sent_frames, 0U);
  }
}

TEST(NetworkInterface, LeavesNothingOpenWhereThereIsNone) {
  const std::ptrdiff_t before = open_descriptors();
  for (const char* name : {"", "no-such-one", "a-name-longer-than-any-interface-has"}) {
    EXPECT_THROW(static_cast<void>(find_network_interface(name)), Failure);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Transmitters, AreRefusedWhereThereIsNoInterface) {
  for (const TransmitMethod method : {TransmitMethod::packet, TransmitMethod::direct,
                                      TransmitMethod::pcap, TransmitMethod::af_xdp}) {
    try {
      static_cast<void>(open_transmitter(method, "no-such-one"));
      FAIL();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code(), ExitCode::no_permission) << failure.what();
    }
  }
}

}  // namespace
}  // namespace tapdeck::test
