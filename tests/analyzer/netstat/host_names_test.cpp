// Names from DNS answers in frames.
#include "analyzer/netstat/host_names.h"

#include <gtest/gtest.h>

#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;

const IpAddress host{{192, 0, 2, 1}, 4};

std::vector<std::byte> answer(std::string_view name) {
  return hex("1234 8180 0000 0001 0000 0000", name, "0001 0001 0000003c 0004 c0000201");
}

std::vector<std::byte> from_port(std::uint16_t port, const std::vector<std::byte>& payload) {
  constexpr std::size_t source_port_at = 34;
  std::vector<std::byte> frame = test::in_udp(40000, payload);
  test::put_big_endian(frame, source_port_at, port);
  return frame;
}

std::string name_after(const std::vector<std::vector<std::byte>>& frames) {
  HostNames names;
  for (const auto& frame : frames) names.add(test::dissect(frame).dissection);
  const std::string* const name = names.find(host);
  return name == nullptr ? "" : *name;
}

TEST(HostNames, AreThoseOfTheLatestAnswer) {
  EXPECT_EQ(name_after({from_port(53, answer("0161 00"))}), "a");
  EXPECT_EQ(name_after({from_port(53, answer("0161 00")), from_port(5353, answer("0162 00"))}),
            "b");
}

TEST(HostNames, ComeFromServersOnly) {
  EXPECT_EQ(name_after({from_port(54, answer("0161 00"))}), "");
  EXPECT_EQ(name_after({test::in_udp(53, answer("0161 00"))}), "");
}

TEST(HostNames, StandBehindALengthInASegment) {
  const auto in_segment = [](std::string_view length) {
    std::vector<std::byte> segment =
        hex("0035 c350 00000001 00000001 5018 1000 0000 0000", length,
            "1234 8180 0000 0001 0000 0000 0161 00 0001 0001 0000003c 0004 c0000201");
    return test::in_ipv4(6, segment);
  };
  EXPECT_EQ(name_after({in_segment("001d")}), "a");
  EXPECT_EQ(name_after({in_segment("001e")}), "") << "it goes on in the next segment";
}

}  // namespace
}  // namespace tapdeck
