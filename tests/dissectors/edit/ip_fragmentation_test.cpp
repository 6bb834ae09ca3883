#include "dissectors/edit/ip_fragmentation.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "dissectors/pseudo_header.h"
#include "tests/support/long_frames.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::DissectedPacket;
using test::hex;
using test::LongFrame;

constexpr std::string_view udp = "0457 08ae 0000 0000";
constexpr std::uint16_t dont_fragment = 0x4000;

LongFrame udp_frame(std::size_t payload) {
  return {.next_header = 17, .transport = udp, .payload = payload, .identification = 0x1234};
}

FramePieces fragment(const DissectedPacket& packet, const FragmentLimits& limits) {
  FramePieces pieces;
  EXPECT_EQ(fragment_ip(packet.dissection, limits, pieces), Fragmentation::done);
  return pieces;
}

Fragmentation attempt(const DissectedPacket& packet, const FragmentLimits& limits) {
  FramePieces pieces;
  const Fragmentation result = fragment_ip(packet.dissection, limits, pieces);
  if (result != Fragmentation::done) {
    EXPECT_EQ(pieces.size(), 0U);
  }
  return result;
}

Ipv4 ipv4_of(const DissectedPacket& packet) { return Ipv4(packet.region(1)); }

/// What a receiver makes of them: the datagram behind the network header.
std::vector<std::byte> reassembled(const FramePieces& pieces, std::size_t frame_octets) {
  Dissector dissector;
  Dissection dissection;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    EXPECT_LE(pieces[i].size(), frame_octets);
    const Packet packet{.number = i + 1,
                        .wire_length = static_cast<std::uint32_t>(pieces[i].size()),
                        .bytes = pieces[i]};
    dissector.dissect(packet, dissection);
    EXPECT_NE(verify_checksums(dissection).network, ChecksumStatus::bad);
    EXPECT_EQ(dissection.is_fragment, i + 1 < pieces.size());
  }
  const Bytes datagram = dissection.datagrams[0];
  return {datagram.begin(), datagram.end()};
}

std::vector<std::byte> behind(const LongFrame& frame, std::size_t headers) {
  const auto octets = frame.octets();
  return {octets.begin() + static_cast<std::ptrdiff_t>(headers), octets.end()};
}

// Written down by hand: 16 of 28 octets, then 12, at offset 2 units of 8.
TEST(IpFragmentation, GivesEachFragmentItsPlace) {
  const FramePieces pieces = fragment(dissect(udp_frame(20)), {.frame_octets = 14 + 20 + 23});
  ASSERT_EQ(pieces.size(), 2U);
  const auto first = hex(test::macs, "0800 4500 0024 1234 2000 4011 5c5e c000 0201 c633 6402", udp,
                         "0001 0203 0405 0607");
  const auto second = hex(test::macs, "0800 4500 0020 1234 0002 4011 7c60 c000 0201 c633 6402",
                          "0809 0a0b 0c0d 0e0f 1011 1213");
  EXPECT_EQ(std::vector(pieces[0].begin(), pieces[0].end()), first);
  EXPECT_EQ(std::vector(pieces[1].begin(), pieces[1].end()), second);
}

TEST(IpFragmentation, AnyShapeIsReassembledTheSame) {
  std::mt19937 random(791);
  const auto rejoins = [&](const LongFrame& frame, std::size_t headers) {
    const DissectedPacket whole = dissect(frame);
    for (int round = 0; round < 20; ++round) {
      const FragmentLimits limits{.frame_octets = 120 + random() % 1500,
                                  .despite_prohibition = true,
                                  .identification = static_cast<std::uint32_t>(random())};
      EXPECT_EQ(reassembled(fragment(whole, limits), limits.frame_octets), behind(frame, headers));
    }
  };
  rejoins(udp_frame(9'000), 34);
  LongFrame tagged = udp_frame(5'000);
  tagged.tags = "88a8 0064 8100 0065";
  rejoins(tagged, 42);
  LongFrame over_ipv6 = udp_frame(60'000);
  over_ipv6.is_ipv6 = true;
  rejoins(over_ipv6, 54);
  // hop-by-hop goes with each fragment; destination options are part of what is cut
  LongFrame with_options = over_ipv6;
  with_options.next_header = 0;
  with_options.options = "3c00 0104 0000 0000 1100 0104 0000 0000";
  rejoins(with_options, 62);
}

TEST(IpFragmentation, OptionsAreCopiedAsTheySay) {
  LongFrame frame = udp_frame(64);
  // router alert is copied, a record of the route isn't
  frame.options = "9404 0000 0707 0400 0000 0000";
  const FramePieces pieces = fragment(dissect(frame), {.frame_octets = 14 + 32 + 40});
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(ipv4_of(dissect(pieces[0])).header_length(), 32);
  EXPECT_EQ(ipv4_of(dissect(pieces[1])).header_length(), 24);
  const auto options = hex("9404 0000");
  EXPECT_TRUE(std::ranges::equal(pieces[1].subspan(34, 4), options));
}

TEST(IpFragmentation, WhatMustNotBeCutIsCutOnDemandOnly) {
  LongFrame frame = udp_frame(3'000);
  frame.fragment = dont_fragment;
  EXPECT_EQ(attempt(dissect(frame), {.frame_octets = 1514}), Fragmentation::prohibited);
  FramePieces pieces =
      fragment(dissect(frame), {.frame_octets = 1514, .despite_prohibition = true});
  EXPECT_FALSE(ipv4_of(dissect(pieces[0])).dont_fragment());
  EXPECT_EQ(ipv4_of(dissect(pieces[0])).identification(), 0x1234);
  // Without an identification of its own it gets one.
  frame.identification = 0;
  pieces = fragment(dissect(frame),
                    {.frame_octets = 1514, .despite_prohibition = true, .identification = 77});
  EXPECT_EQ(ipv4_of(dissect(pieces[0])).identification(), 77);
  EXPECT_EQ(ipv4_of(dissect(pieces[2])).identification(), 77);

  LongFrame over_ipv6 = udp_frame(3'000);
  over_ipv6.is_ipv6 = true;
  EXPECT_EQ(attempt(dissect(over_ipv6), {.frame_octets = 1514}), Fragmentation::prohibited);
}

TEST(IpFragmentation, AFragmentIsCutFurther) {
  const DissectedPacket whole = dissect(udp_frame(9'000));
  const FramePieces large = fragment(whole, {.frame_octets = 4'014});
  ASSERT_EQ(large.size(), 3U);
  FramePieces all;
  for (std::size_t i = 0; i < large.size(); ++i) {
    const FramePieces small = fragment(dissect(large[i]), {.frame_octets = 1514});
    for (std::size_t j = 0; j < small.size(); ++j) all.add(small[j], {});
  }
  EXPECT_EQ(all.size(), 7U);  // 3,976 octets and twice as many are three each, 1,056 are one
  EXPECT_EQ(reassembled(all, 1514), behind(udp_frame(9'000), 34));

  LongFrame over_ipv6 = udp_frame(9'000);
  over_ipv6.is_ipv6 = true;
  const FragmentLimits limits{
      .frame_octets = 4'014, .despite_prohibition = true, .identification = 5};
  const FramePieces large_ipv6 = fragment(dissect(over_ipv6), limits);
  all.clear();
  for (std::size_t i = 0; i < large_ipv6.size(); ++i) {
    const FramePieces small =
        fragment(dissect(large_ipv6[i]),
                 {.frame_octets = 1514, .despite_prohibition = true, .identification = 6});
    for (std::size_t j = 0; j < small.size(); ++j) all.add(small[j], {});
  }
  EXPECT_EQ(reassembled(all, 1514), behind(over_ipv6, 54));
}

TEST(IpFragmentation, AChecksumLeftToTheInterfaceIsFilledIn) {
  LongFrame frame = udp_frame(100);
  std::vector<std::byte> octets = frame.octets();
  write_big_endian(octets, 38, std::uint16_t{108});  // UDP's length
  const DissectedPacket plain = dissect(octets);
  const std::uint16_t pseudo_sum = pseudo_header_of(plain.dissection, plain.layer(2)).sum(17, 108);
  write_big_endian(octets, 40, pseudo_sum);
  const DissectedPacket partial = dissect(octets);
  ASSERT_EQ(verify_checksums(partial.dissection).transport, ChecksumStatus::offloaded);
  const FramePieces pieces = fragment(partial, {.frame_octets = 14 + 20 + 48});
  const auto expected = verify_checksum(partial.dissection, partial.layer(2)).expected;
  EXPECT_EQ(read_big_endian<std::uint16_t>(pieces[0], 40), expected);
}

TEST(IpFragmentation, OtherFramesAreRefused) {
  const FragmentLimits limits{.frame_octets = 1514, .despite_prohibition = true};
  EXPECT_EQ(attempt(dissect(hex(test::macs, "0806 0001 0800 0604 0001")), limits),
            Fragmentation::impossible);
  LongFrame beyond = udp_frame(70'000);
  beyond.length_is_zero = true;
  EXPECT_EQ(attempt(dissect(beyond), limits), Fragmentation::impossible);
  EXPECT_EQ(attempt(dissect(udp_frame(100)), {.frame_octets = 41}), Fragmentation::impossible);

  LongFrame over_ipv6 = udp_frame(200);
  over_ipv6.is_ipv6 = true;
  over_ipv6.next_header = 0;
  over_ipv6.options = "2c00 0104 0000 0000 1100 0000 0000 0001";  // then an atomic fragment
  for (const LongFrame& frame : {udp_frame(200), over_ipv6}) {
    const auto octets = frame.octets();
    for (std::size_t length = 0; length < octets.size(); ++length) {
      const std::vector<std::byte> cut(octets.begin(),
                                       octets.begin() + static_cast<std::ptrdiff_t>(length));
      const DissectedPacket packet = dissect(
          cut, LinkType::ethernet, {.wire_length = static_cast<std::uint32_t>(octets.size())});
      EXPECT_EQ(attempt(packet, {.frame_octets = 120, .despite_prohibition = true}),
                Fragmentation::impossible);
    }
    EXPECT_EQ(attempt(dissect(octets), {.frame_octets = 120, .despite_prohibition = true}),
              Fragmentation::done);
  }
}

}  // namespace
}  // namespace tapdeck
