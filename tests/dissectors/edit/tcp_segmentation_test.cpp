#include "dissectors/edit/tcp_segmentation.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/long_frames.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::DissectedPacket;
using test::hex;
using test::LongFrame;

constexpr std::size_t ethernet_mtu = 1514;
constexpr std::string_view timestamps =
    "0457 08ae 0000 03e8 0000 07d0 8018 ffff 0000 0000 0101 080a 0000 0001 0000 0002";

FramePieces segment(const DissectedPacket& packet, const SegmentLimits& limits) {
  FramePieces pieces;
  EXPECT_TRUE(segment_tcp(packet.dissection, limits, pieces));
  return pieces;
}

Tcp tcp_of(const DissectedPacket& packet) {
  return Tcp(packet.region(packet.dissection.transport));
}

/// The pieces say the same as the whole, one after the other, and are right in themselves.
void expect_joins_again(const DissectedPacket& whole, const FramePieces& pieces,
                        std::size_t frame_octets) {
  std::vector<std::byte> joined;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    ASSERT_LE(pieces[i].size(), frame_octets);
    const DissectedPacket piece = dissect(pieces[i]);
    ASSERT_EQ(piece.fault(), "none");
    test::expect_good_checksums(piece);
    EXPECT_EQ(tcp_of(piece).sequence_number() - tcp_of(whole).sequence_number(), joined.size());
    EXPECT_EQ(tcp_of(piece).acknowledgment_number(), tcp_of(whole).acknowledgment_number());
    EXPECT_TRUE(std::ranges::equal(tcp_of(piece).options(), tcp_of(whole).options()));
    const Bytes payload = test::payload_of(piece);
    EXPECT_FALSE(payload.empty());
    joined.insert(joined.end(), payload.begin(), payload.end());
  }
  EXPECT_TRUE(std::ranges::equal(joined, test::payload_of(whole)));
}

// Written down by hand: 40 octets of headers and 2 of payload in each, ids from 0xfffe, seq from
// 1000, PSH on the last alone.
TEST(TcpSegmentation, GivesEachSegmentItsPlace) {
  const DissectedPacket whole = dissect(LongFrame{.payload = 5});
  const FramePieces pieces = segment(whole, {.frame_octets = 14 + 42});
  ASSERT_EQ(pieces.size(), 3U);
  const auto expected = [](std::string_view ip, std::string_view tcp) {
    return hex(test::macs, "0800", ip, "c000 0201 c633 6402", "0457 08ae", tcp);
  };
  const auto first =
      expected("4500 002a fffe 0000 4006 8e98", "0000 03e8 0000 07d0 5010 ffff aadd 0000 0001");
  const auto second =
      expected("4500 002a ffff 0000 4006 8e97", "0000 03ea 0000 07d0 5010 ffff a8d9 0000 0203");
  const auto third =
      expected("4500 0029 0000 0000 4006 8e98", "0000 03ec 0000 07d0 5018 ffff a6d3 0000 04");
  EXPECT_EQ(std::vector(pieces[0].begin(), pieces[0].end()), first);
  EXPECT_EQ(std::vector(pieces[1].begin(), pieces[1].end()), second);
  EXPECT_EQ(std::vector(pieces[2].begin(), pieces[2].end()), third);
}

TEST(TcpSegmentation, FlagsOfTheBeginAndOfTheEndStayThere) {
  // CWR, ECE, PSH, ACK, FIN
  const DissectedPacket whole = dissect(
      LongFrame{.transport = "0457 08ae 0000 03e8 0000 07d0 50d9 ffff 0000 0000", .payload = 3000});
  const FramePieces pieces = segment(whole, {.frame_octets = ethernet_mtu});
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(tcp_of(dissect(pieces[0])).flags(), 0xd0);
  EXPECT_EQ(tcp_of(dissect(pieces[1])).flags(), 0x50);
  EXPECT_EQ(tcp_of(dissect(pieces[2])).flags(), 0x59);
}

TEST(TcpSegmentation, ASynTakesASequenceNumber) {
  const DissectedPacket whole = dissect(
      LongFrame{.transport = "0457 08ae 0000 03e8 0000 0000 5002 ffff 0000 0000", .payload = 4});
  const FramePieces pieces = segment(whole, {.frame_octets = 14 + 42});
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(tcp_of(dissect(pieces[0])).sequence_number(), 1000U);
  EXPECT_EQ(tcp_of(dissect(pieces[1])).sequence_number(), 1003U);
  EXPECT_EQ(tcp_of(dissect(pieces[1])).flags(), 0);
}

TEST(TcpSegmentation, TheUrgentPointerPointsAtTheSameOctet) {
  const DissectedPacket whole = dissect(
      LongFrame{.transport = "0457 08ae 0000 03e8 0000 07d0 5030 ffff 0000 0003", .payload = 6});
  const FramePieces pieces = segment(whole, {.frame_octets = 14 + 42});
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(tcp_of(dissect(pieces[0])).urgent_pointer(), 3);
  EXPECT_EQ(tcp_of(dissect(pieces[1])).urgent_pointer(), 1);
  EXPECT_EQ(tcp_of(dissect(pieces[1])).flags(), TcpFlags::urg | TcpFlags::ack);
  EXPECT_EQ(tcp_of(dissect(pieces[2])).urgent_pointer(), 0);
  EXPECT_EQ(tcp_of(dissect(pieces[2])).flags(), TcpFlags::ack);
}

TEST(TcpSegmentation, AMaximumSegmentSizeCountsNoOptions) {
  const DissectedPacket whole = dissect(LongFrame{.transport = timestamps, .payload = 3000});
  const FramePieces pieces =
      segment(whole, {.frame_octets = ethernet_mtu, .maximum_segment_size = 1000});
  EXPECT_EQ(test::payload_of(dissect(pieces[0])).size(), 988U);
  expect_joins_again(whole, pieces, ethernet_mtu);
  // Who offers next to nothing is not believed.
  EXPECT_EQ(segment(whole, {.frame_octets = ethernet_mtu, .maximum_segment_size = 1}).size(),
            (3000 + 75) / 76U);
}

TEST(TcpSegmentation, TheFrameTellsTheLengthThatTheHeaderLeavesOut) {
  const DissectedPacket whole = dissect(LongFrame{.payload = 100'000, .length_is_zero = true});
  expect_joins_again(whole, segment(whole, {.frame_octets = ethernet_mtu}), ethernet_mtu);
}

TEST(TcpSegmentation, AJumboOptionGoes) {
  // hop-by-hop: TCP next, 8 octets, jumbo payload of 100,000 + 20 + 8
  const DissectedPacket whole = dissect(LongFrame{.is_ipv6 = true,
                                                  .options = "0600 c204 0001 86bc",
                                                  .next_header = 0,
                                                  .payload = 100'000,
                                                  .length_is_zero = true});
  ASSERT_EQ(whole.layer_names(), "ethernet ipv6 hop_by_hop tcp");
  const FramePieces pieces = segment(whole, {.frame_octets = ethernet_mtu});
  expect_joins_again(whole, pieces, ethernet_mtu);
  EXPECT_EQ(dissect(pieces[0]).layer_names(), "ethernet ipv6 tcp");
  EXPECT_EQ(pieces[0].size(), ethernet_mtu);
}

TEST(TcpSegmentation, WhatFollowsThePacketIsNoPayload) {
  std::vector<std::byte> padded = LongFrame{.payload = 3000}.octets();
  const DissectedPacket whole = dissect(padded);
  padded.resize(padded.size() + 9, std::byte{0xee});
  const FramePieces pieces = segment(dissect(padded), {.frame_octets = ethernet_mtu});
  expect_joins_again(whole, pieces, ethernet_mtu);
}

TEST(TcpSegmentation, AnyShapeJoinsAgain) {
  constexpr std::string_view padding_options = "0600 0104 0000 0000";
  const std::array shapes{
      LongFrame{.payload = 65'000},
      LongFrame{.tags = "8100 0064", .transport = timestamps, .payload = 20'000},
      LongFrame{.tags = "88a8 0064 8100 0065", .payload = 3'000},
      LongFrame{.options = "0101 0100", .transport = timestamps, .payload = 9'000},
      LongFrame{.is_ipv6 = true, .payload = 64'000},
      LongFrame{.tags = "8100 0fff", .is_ipv6 = true, .transport = timestamps, .payload = 5'000},
      LongFrame{.is_ipv6 = true, .options = padding_options, .next_header = 60, .payload = 4'000}};
  std::mt19937 random(9293);
  for (const LongFrame& shape : shapes) {
    const DissectedPacket whole = dissect(shape);
    for (int round = 0; round < 20; ++round) {
      const std::size_t frame_octets = 200 + random() % 2000;
      const std::size_t mss = round % 2 == 0 ? 0 : random() % 3000;
      expect_joins_again(
          whole, segment(whole, {.frame_octets = frame_octets, .maximum_segment_size = mss}),
          frame_octets);
      if (testing::Test::HasFailure()) FAIL() << whole.layer_names() << ' ' << frame_octets;
    }
  }
}

TEST(TcpSegmentation, AnyCutIsRefused) {
  const std::vector<std::byte> frame = LongFrame{.is_ipv6 = true,
                                                 .options = "0600 c204 0000 01e4",
                                                 .next_header = 0,
                                                 .payload = 456,
                                                 .length_is_zero = true}
                                           .octets();
  FramePieces pieces;
  for (std::size_t length = 0; length < frame.size(); ++length) {
    const std::vector<std::byte> cut(frame.begin(),
                                     frame.begin() + static_cast<std::ptrdiff_t>(length));
    const DissectedPacket packet =
        dissect(cut, LinkType::ethernet, {.wire_length = static_cast<std::uint32_t>(frame.size())});
    EXPECT_FALSE(segment_tcp(packet.dissection, {.frame_octets = 200}, pieces)) << length;
    EXPECT_EQ(pieces.size(), 0U);
  }
  EXPECT_TRUE(segment_tcp(dissect(frame).dissection, {.frame_octets = 200}, pieces));
}

TEST(TcpSegmentation, OtherPacketsAreRefused) {
  FramePieces pieces;
  const auto refuses = [&](const LongFrame& frame, std::size_t octets = ethernet_mtu) {
    return !segment_tcp(dissect(frame).dissection, {.frame_octets = octets}, pieces);
  };
  EXPECT_TRUE(refuses({.next_header = 17, .transport = "0457 08ae 0bc0 0000", .payload = 3000}));
  EXPECT_TRUE(refuses({.payload = 3000, .fragment = 0x2000}));
  EXPECT_TRUE(refuses({.payload = 3000}, 54));  // no room beside the headers
  EXPECT_TRUE(refuses({.payload = 0}, 50));
  // inside a tunnel
  EXPECT_TRUE(refuses({.options = "",
                       .next_header = 4,
                       .transport = "4500 0060 0000 0000 4006 0000 c000 0201 c633 6402 "
                                    "0457 08ae 0000 03e8 0000 07d0 5018 ffff 0000 0000",
                       .payload = 56}));
}

}  // namespace
}  // namespace tapdeck
