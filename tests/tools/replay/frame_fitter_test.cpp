#include "tools/replay/frame_fitter.h"

#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "dissectors/tcp_options.h"
#include "tests/support/long_frames.h"
#include "tools/replay/fitting_options.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::hex;
using test::LongFrame;

constexpr FittingOptions ethernet{.mtu = 1500};
constexpr MacAddress alice{{2, 0, 0, 0, 0, 1}}, bob{{2, 0, 0, 0, 0, 2}};

/// Packets in the order of calls, with their bytes.
class FrameFitting : public testing::Test {
 protected:
  Packet packet(std::vector<std::byte> bytes, LinkType link_type = LinkType::ethernet) {
    x_bytes = std::move(bytes);
    return {.number = ++x_number,
            .time_ns = 1'000,
            .wire_length = static_cast<std::uint32_t>(x_bytes.size()),
            .link_type = link_type,
            .bytes = x_bytes};
  }

  /// Sizes of the frames that the packet becomes.
  static std::vector<std::size_t> sizes(FrameFitter& fitter, const Packet& packet) {
    std::vector<std::size_t> result;
    for (const Packet& frame : fitter.fit(packet)) {
      EXPECT_EQ(frame.number, packet.number);
      EXPECT_EQ(frame.time_ns, packet.time_ns);
      EXPECT_EQ(frame.wire_length, frame.bytes.size());
      EXPECT_EQ(frame.fcs_length, 0);
      result.push_back(frame.bytes.size());
    }
    return result;
  }

 private:
  std::vector<std::byte> x_bytes;
  std::uint64_t x_number = 0;
};

using Sizes = std::vector<std::size_t>;

TEST_F(FrameFitting, LeavesAloneWhatFits) {
  FrameFitter fitter(ethernet);
  const Packet full = packet(LongFrame{.payload = 1460}.octets());
  const auto frames = fitter.fit(full);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].bytes.data(), full.bytes.data());
  EXPECT_EQ(frames[0].bytes.size(), 1514U);
  EXPECT_EQ(sizes(fitter, packet(hex(test::ethernet_ipv4_udp))), Sizes{44});
  EXPECT_TRUE(fitting_sentences(fitter.counts(), ethernet).empty());
}

TEST_F(FrameFitting, SegmentsTcpAndFragmentsTheRestWhereThatIsAllowed) {
  FrameFitter fitter(ethernet);
  EXPECT_EQ(sizes(fitter, packet(LongFrame{.payload = 3000}.octets())), (Sizes{1514, 1514, 134}));
  LongFrame udp{.next_header = 17, .transport = "0457 08ae 0bc0 0000", .payload = 3000};
  EXPECT_EQ(sizes(fitter, packet(udp.octets())), (Sizes{1514, 1514, 82}));
  udp.fragment = 0x4000;
  EXPECT_EQ(sizes(fitter, packet(udp.octets())), Sizes{});
  EXPECT_EQ(sizes(fitter, packet(hex(test::macs, "88cc"))), Sizes{14});
  std::vector<std::byte> no_ip = hex(test::macs, "88cc");
  no_ip.resize(1515);
  EXPECT_EQ(sizes(fitter, packet(no_ip)), Sizes{});
  EXPECT_EQ(fitting_sentences(fitter.counts(), ethernet),
            (std::vector<std::string>{
                "1 frame over MTU 1500 was segmented into 3, the longest had 3,054 octets",
                "1 frame over MTU 1500 was fragmented into 3, the longest had 3,054 octets",
                "1 frame over the MTU that must not be fragmented was skipped (--oversize "
                "fragment does it all the same)",
                "1 other frame over the MTU was skipped"}));
}

TEST_F(FrameFitting, OneTagStandsBesideTheMtu) {
  FrameFitter fitter(ethernet);
  EXPECT_EQ(sizes(fitter, packet(LongFrame{.tags = "8100 0064", .payload = 1460}.octets())),
            Sizes{1518});
  EXPECT_EQ(sizes(fitter, packet(LongFrame{.tags = "8100 0064", .payload = 1470}.octets())),
            (Sizes{1518, 68}));
  EXPECT_EQ(
      sizes(fitter, packet(LongFrame{.tags = "88a8 0064 8100 0001", .payload = 1460}.octets())),
      (Sizes{1514, 70}));
}

TEST_F(FrameFitting, SegmentsAsTheReceiverAsked) {
  FrameFitter fitter(ethernet);
  // The answer's maximum segment size, 1000, is for the client's segments, the SYN's, 500, for the
  // server's.
  const std::string_view syn = "0457 08ae 0000 03e7 0000 0000 6002 ffff 0000 0000 0204 01f4";
  const auto reversed = [](std::string_view transport) {
    std::vector<std::byte> frame = LongFrame{.transport = transport, .payload = 0}.octets();
    std::ranges::swap_ranges(std::span(frame).subspan(26, 4), std::span(frame).subspan(30, 4));
    return frame;
  };
  const auto syn_ack = reversed("08ae 0457 0000 0000 0000 03e8 6012 ffff 0000 0000 0204 03e8");
  EXPECT_EQ(sizes(fitter, packet(LongFrame{.transport = syn}.octets())), Sizes{58});
  EXPECT_EQ(sizes(fitter, packet(syn_ack)), Sizes{58});
  EXPECT_EQ(sizes(fitter, packet(LongFrame{.payload = 2500}.octets())), (Sizes{1054, 1054, 554}));
  // A new connection without the option takes 536.
  const std::string_view plain_syn = "0457 08ae 0000 03e7 0000 0000 5002 ffff 0000 0000";
  const auto plain_answer = reversed("08ae 0457 0000 0000 0000 03e8 5012 ffff 0000 0000");
  EXPECT_EQ(sizes(fitter, packet(LongFrame{.transport = plain_syn}.octets())), Sizes{54});
  EXPECT_EQ(sizes(fitter, packet(plain_answer)), Sizes{54});
  EXPECT_EQ(sizes(fitter, packet(LongFrame{.payload = 1500}.octets())), (Sizes{590, 590, 482}));
}

TEST_F(FrameFitting, OtherWaysWithLongFramesAreObeyed) {
  FrameFitter fragmenting({.mtu = 1500, .oversize = Oversize::fragment});
  LongFrame forbidden{.payload = 3000, .fragment = 0x4000};
  EXPECT_EQ(sizes(fragmenting, packet(forbidden.octets())), (Sizes{1514, 1514, 94}));
  EXPECT_EQ(fragmenting.counts().fragments, 3U);

  FrameFitter skipping({.mtu = 1500, .oversize = Oversize::skip});
  EXPECT_EQ(sizes(skipping, packet(forbidden.octets())), Sizes{});
  EXPECT_EQ(skipping.counts().skipped_for(Unfit::unsegmented), 1U);
  EXPECT_EQ(skipping.counts().largest, 3054U);

  FrameFitter failing({.mtu = 1500, .oversize = Oversize::fail});
  EXPECT_THROW(sizes(failing, packet(forbidden.octets())), Failure);

  FrameFitter unlimited({});
  EXPECT_EQ(sizes(unlimited, packet(forbidden.octets())), Sizes{3054});
}

TEST_F(FrameFitting, CutFramesAreSkippedOrPadded) {
  Packet cut = packet(hex(test::ethernet_ipv4_udp));
  cut.wire_length = 100;
  FrameFitter skipping(ethernet);
  EXPECT_EQ(sizes(skipping, cut), Sizes{});
  EXPECT_EQ(skipping.counts().skipped_for(Unfit::truncated), 1U);

  FrameFitter padding({.mtu = 1500, .truncated = Truncated::pad});
  const auto frames = padding.fit(cut);
  ASSERT_EQ(frames.size(), 1U);
  ASSERT_EQ(frames[0].bytes.size(), 100U);
  EXPECT_TRUE(std::ranges::equal(frames[0].bytes.first(44), cut.bytes));
  EXPECT_TRUE(std::ranges::all_of(frames[0].bytes.subspan(44),
                                  [](std::byte octet) { return octet == std::byte{0}; }));
  cut.wire_length = 0xffff'ffff;
  EXPECT_EQ(sizes(padding, cut), Sizes{});
}

TEST_F(FrameFitting, TheCheckSequenceStaysBehind) {
  std::vector<std::byte> octets = hex(test::ethernet_ipv4_udp, "dead beef");
  FrameFitter fitter(ethernet);
  Packet with_fcs = packet(octets);
  with_fcs.fcs_length = 4;
  EXPECT_EQ(sizes(fitter, with_fcs), Sizes{44});
  // Cut within the check sequence: nothing of the frame is missing.
  with_fcs.bytes = with_fcs.bytes.first(46);
  EXPECT_EQ(sizes(fitter, with_fcs), Sizes{44});
  with_fcs.bytes = with_fcs.bytes.first(43);
  EXPECT_EQ(sizes(fitter, with_fcs), Sizes{});
}

TEST_F(FrameFitting, OtherLinksGetMacAddresses) {
  FittingOptions options = ethernet;
  options.destination = bob;
  FrameFitter fitter(options);
  const Packet cooked =
      packet(hex("0000 0001 0006 0200 0000 0001 0000 0800", test::ipv4_udp), LinkType::linux_sll);
  auto frames = fitter.fit(cooked);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_TRUE(std::ranges::equal(frames[0].bytes, hex(test::ethernet_ipv4_udp)));
  EXPECT_EQ(frames[0].link_type, LinkType::ethernet);

  const Packet bare = packet(hex(test::ipv4_udp), LinkType::raw);
  EXPECT_THROW(sizes(fitter, bare), Failure);
  options.source = alice;
  FrameFitter complete(options);
  frames = complete.fit(bare);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_TRUE(std::ranges::equal(frames[0].bytes, hex(test::ethernet_ipv4_udp)));
  EXPECT_EQ(sizes(complete, packet(hex("ff03 c021 0101 0004"), LinkType::ppp)), Sizes{});
  EXPECT_EQ(complete.counts().skipped_for(Unfit::no_form), 1U);
  EXPECT_EQ(complete.counts().converted, 1U);

  // Long ones are cut when they are Ethernet.
  const auto frame = LongFrame{.payload = 3000}.octets();
  EXPECT_EQ(sizes(complete, packet({frame.begin() + 14, frame.end()}, LinkType::raw)),
            (Sizes{1514, 1514, 134}));
}

TEST_F(FrameFitting, BareIpIsWhatATunnelTakes) {
  FrameFitter fitter({.link_type = LinkType::raw, .mtu = 1500});
  auto frames = fitter.fit(packet(hex(test::ethernet_ipv4_udp)));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_TRUE(std::ranges::equal(frames[0].bytes, hex(test::ipv4_udp)));
  EXPECT_EQ(sizes(fitter, packet(hex(test::ipv6_udp), LinkType::ipv6)), Sizes{50});
  EXPECT_EQ(sizes(fitter, packet(hex(test::macs, "0806 0001 0800 0604"))), Sizes{});
  EXPECT_EQ(sizes(fitter, packet(LongFrame{.payload = 3000}.octets())), (Sizes{1500, 1500, 120}));
}

TEST_F(FrameFitting, LinksStayAsTheyAreWhereNothingElseIsTaken) {
  FrameFitter fitter({.link_type = std::nullopt});
  EXPECT_FALSE(fitter.may_lengthen());
  EXPECT_EQ(sizes(fitter, packet(hex("0800 0000"), LinkType::ieee802_11)), Sizes{4});
  Packet cut = packet(hex(test::ipv4_udp), LinkType::raw);
  EXPECT_EQ(sizes(fitter, cut), Sizes{30});
  ++cut.wire_length;
  EXPECT_EQ(sizes(fitter, cut), Sizes{});
  EXPECT_EQ(fitter.counts().skipped_for(Unfit::truncated), 1U);
  EXPECT_TRUE(FrameFitter({.link_type = std::nullopt, .truncated = Truncated::pad}).may_lengthen());
}

TEST_F(FrameFitting, WhatCantBeConvertedIsRefused) {
  FrameFitter fitter(ethernet);
  EXPECT_THROW(sizes(fitter, packet(hex("0800 0000"), LinkType::ieee802_11)), Failure);
  EXPECT_EQ(sizes(fitter, packet(hex("0200 0000 0002 02"))), Sizes{});
  EXPECT_EQ(fitter.counts().skipped_for(Unfit::too_short), 1U);
}

TEST_F(FrameFitting, AnyOctetsAreHarmless) {
  std::mt19937 random(791);
  const std::array shapes{
      LongFrame{.tags = "8100 0064", .options = "0101 0100", .payload = 900},
      LongFrame{
          .is_ipv6 = true, .options = "0600 c204 0000 03a0", .next_header = 0, .payload = 900},
      LongFrame{.is_ipv6 = true,
                .options = "2c00 0104 0000 0000 0600 0001 0000 0007",
                .next_header = 0,
                .payload = 900},
      LongFrame{.next_header = 17, .transport = "0457 08ae 0390 0000", .payload = 900}};
  for (const Oversize oversize : {Oversize::segment, Oversize::fragment}) {
    FrameFitter fitter({.mtu = 200, .oversize = oversize, .truncated = Truncated::pad});
    for (int round = 0; round < 4'000; ++round) {
      std::vector<std::byte> bytes =
          shapes[static_cast<std::size_t>(round) % shapes.size()].octets();
      for (int changes = 0; changes < 4; ++changes) {
        constexpr std::size_t headers = 90;
        bytes[random() % headers] = static_cast<std::byte>(random());
      }
      bytes.resize(random() % 8 == 0 ? random() % bytes.size() : bytes.size());
      Packet damaged = packet(bytes);
      damaged.wire_length += random() % 16 == 0 ? 40 : 0;
      for (const Packet& frame : fitter.fit(damaged)) ASSERT_LE(frame.bytes.size(), 218U);
    }
    EXPECT_GT(fitter.counts().segments + fitter.counts().fragments, 1'000U);
  }
}

TEST(FittingOptions, AreReadFromTheCommandLine) {
  const auto read = [](const Arguments& arguments) {
    CommandOptions options("replay", "", "");
    add_fitting_options(options);
    EXPECT_TRUE(options.parse(arguments));
    return fitting_options(options);
  };
  const FittingOptions usual = read({});
  EXPECT_EQ(usual.mtu, 0U);
  EXPECT_EQ(usual.oversize, Oversize::segment);
  EXPECT_EQ(usual.truncated, Truncated::skip);
  EXPECT_EQ(usual.destination, std::nullopt);
  const FittingOptions chosen = read({"--oversize", "fail", "--truncated=pad", "--mtu", "9000",
                                      "--ethernet", "02:00:00:00:00:01,02:00:00:00:00:02"});
  EXPECT_EQ(chosen.mtu, 9000U);
  EXPECT_EQ(chosen.oversize, Oversize::fail);
  EXPECT_EQ(chosen.truncated, Truncated::pad);
  EXPECT_EQ(chosen.source, alice);
  EXPECT_EQ(chosen.destination, bob);
  EXPECT_EQ(read({"--ethernet", "02:00:00:00:00:02"}).source, std::nullopt);
  EXPECT_THROW(read({"--oversize", "split"}), Failure);
  EXPECT_THROW(read({"--mtu", "67"}), Failure);
  EXPECT_THROW(read({"--mtu", "4294967296"}), Failure);
  EXPECT_THROW(read({"--ethernet", "02:00:00:00:00"}), Failure);
  EXPECT_THROW(read({"--ethernet", "02:00:00:00:00:01,"}), Failure);
}

}  // namespace
}  // namespace tapdeck
