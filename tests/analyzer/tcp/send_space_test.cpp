// Unique and repeated octets, gaps, and the bounded set of missing ranges against a plain bitmap.
#include "analyzer/tcp/send_space.h"

#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

Segment data(std::uint32_t seq, std::uint32_t payload) {
  return {.seg_seq = {seq},
          .seg_ack = {},
          .payload_octets = payload,
          .window_field = 0,
          .flags = TcpFlags::ack,
          .options = {}};
}

class SendSpaceAt : public testing::TestWithParam<std::uint32_t> {
 protected:
  std::uint32_t base = GetParam();
  MissingRangeSlab slab;
  SendSpace space;

  SendSpace::Seen send(std::uint32_t offset, std::uint32_t payload) {
    return space.on_sent(slab, data(base + offset, payload), {});
  }
};

// The last ones let the sequence numbers wrap inside the story.
INSTANTIATE_TEST_SUITE_P(Bases, SendSpaceAt,
                         testing::Values(0U, 1000U, 0xffff'fffbU, 0xffff'ff00U, 0x7fff'fff0U));

TEST_P(SendSpaceAt, InOrderIsAllUnique) {
  EXPECT_EQ(send(0, 100).unique, 100U);
  const auto seen = send(100, 50);
  EXPECT_EQ(seen.unique, 50U);
  EXPECT_EQ(seen.repeated, 0U);
  EXPECT_TRUE(seen.advances);
  EXPECT_TRUE(space.missing().empty());
}

/// The short way of header prediction does what the long one does.
TEST_P(SendSpaceAt, WhatBeginsAtSndNxtNeedsNoSearch) {
  SendSpace searched;
  for (const SendSpace::Seen& seen : {send(0, 100), searched.on_sent(slab, data(base, 100), {})}) {
    EXPECT_EQ(seen.unique, 100U);
  }
  std::uint32_t offset = 100;
  for (const std::uint32_t payload : {50U, 0U, 1U, 0x4000'0000U, 1000U, 0U}) {
    const Segment segment = data(base + offset, payload);
    const SendSpace::Seen near = space.on_sent_at_snd_nxt(slab, segment);
    const SendSpace::Seen far = searched.on_sent(slab, segment, {});
    EXPECT_EQ(near.unique, far.unique) << offset;
    EXPECT_EQ(near.repeated, far.repeated) << offset;
    EXPECT_EQ(near.advances, far.advances) << offset;
    EXPECT_EQ(near.placement, far.placement) << offset;
    EXPECT_EQ(space.snd_nxt(), searched.snd_nxt()) << offset;
    EXPECT_EQ(space.seen_end(), searched.seen_end()) << offset;
    EXPECT_EQ(space.lowest(), searched.lowest()) << offset;
    offset += payload;
  }
  EXPECT_TRUE(searched.missing().empty());
}

TEST_P(SendSpaceAt, RepeatIsAllRepeated) {
  send(0, 100);
  const auto seen = send(0, 100);
  EXPECT_EQ(seen.unique, 0U);
  EXPECT_EQ(seen.repeated, 100U);
  EXPECT_FALSE(seen.advances);
}

TEST_P(SendSpaceAt, RepeatWithNewDataIsBoth) {
  send(0, 100);
  const auto seen = send(98, 1002);
  EXPECT_EQ(seen.unique, 1000U);
  EXPECT_EQ(seen.repeated, 2U);
}

TEST_P(SendSpaceAt, GapIsMissingUntilFilled) {
  send(0, 100);
  send(300, 100);
  EXPECT_EQ(space.missing().count(), 1U);
  EXPECT_EQ(send(150, 50).unique, 50U);
  EXPECT_EQ(space.missing().count(), 2U);
  const auto rest = send(50, 300);
  EXPECT_EQ(rest.unique, 150U);
  EXPECT_EQ(rest.repeated, 150U);
  EXPECT_TRUE(space.missing().empty());
  EXPECT_EQ(slab.in_use(), 0U);
}

TEST_P(SendSpaceAt, EarlierDataOfAConnectionJoinedMidwayIsUnique) {
  send(1000, 100);
  EXPECT_EQ(send(0, 100).unique, 100U);
  EXPECT_EQ(send(50, 500).unique, 450U);
  EXPECT_EQ(space.missing().count(), 1U);
}

TEST_P(SendSpaceAt, AcknowledgedGapIsCountedOnce) {
  send(0, 100);
  send(200, 100);
  EXPECT_EQ(space.on_acknowledged(slab, {base + 100}, {}).gaps, 0U);
  EXPECT_EQ(space.on_acknowledged(slab, {base + 300}, {}).gaps, 1U);
  EXPECT_FALSE(space.on_acknowledged(slab, {base + 300}, {}).advances);
}

TEST_P(SendSpaceAt, DataInASynLeavesNoGap) {
  Segment syn = data(base, 74);
  syn.flags = TcpFlags::syn;
  EXPECT_EQ(space.on_sent(slab, syn, {}).unique, 74U);
  EXPECT_TRUE(space.missing().empty());
  EXPECT_EQ(space.on_sent(slab, syn, {}).repeated, 74U);
  EXPECT_EQ(send(75, 10).unique, 10U);
}

TEST_P(SendSpaceAt, GapThatIsNeverFilledBlindsNothingGigabytesLater) {
  send(0, 100);
  send(200, 100);
  std::uint32_t at = 300;
  for (int i = 0; i < 50'000; ++i, at += 65'000) send(at, 65'000);  // 3.25 GB
  send(at + 1000, 1000);
  EXPECT_EQ(send(at, 1000).unique, 1000U);
  EXPECT_TRUE(space.missing().empty());
}

TEST_P(SendSpaceAt, RepeatsAreToldGigabytesBehindAMidstreamStart) {
  std::uint32_t at = 0;
  for (int i = 0; i < 80'000; ++i, at += 60'000) ASSERT_EQ(send(at, 60'000).unique, 60'000U);
  EXPECT_EQ(send(at - 60'000, 60'000).repeated, 60'000U);
  EXPECT_TRUE(space.missing().empty());
}

TEST_P(SendSpaceAt, SequenceBeginsBehindAnInferredSyn) {
  space.infer_iss({base - 1});
  EXPECT_EQ(send(1000, 1000).unique, 1000U);
  EXPECT_EQ(send(0, 1000).unique, 1000U);
  EXPECT_EQ(send(0, 1000).repeated, 1000U);
}

TEST_P(SendSpaceAt, AgreesWithABitmapWhateverTheOrder) {
  constexpr std::uint32_t octets = 2000;
  const std::uint32_t seed = std::random_device{}();
  std::mt19937 random(seed);
  std::vector<bool> bitmap(octets);
  Segment syn = data(base - 1, 0);
  syn.flags = TcpFlags::syn;
  (void)space.on_sent(slab, syn, {});
  for (int i = 0; i < 2000; ++i) {
    const auto begin = static_cast<std::uint32_t>(random() % octets);
    const auto length = static_cast<std::uint32_t>(1 + random() % std::min(60U, octets - begin));
    std::uint32_t expected = 0;
    for (std::uint32_t at = begin; at < begin + length; ++at) {
      expected += bitmap[at] ? 0 : 1;
      bitmap[at] = true;
    }
    const auto seen = send(begin, length);
    ASSERT_EQ(seen.unique, expected) << "seed " << seed << ", step " << i;
    ASSERT_EQ(seen.repeated, length - expected);
  }
}

TEST(MissingRanges, TheLowestGivesWayAtTheBound) {
  MissingRangeSlab slab;
  SendSpace space;
  for (std::uint32_t i = 0; i < 3000; ++i) space.on_sent(slab, data(i * 20, 10), {});
  EXPECT_EQ(space.missing().count(), MissingRanges::bound);
  EXPECT_EQ(space.missing().given_up(), 2999U - MissingRanges::bound);
  space.clear(slab);
  EXPECT_EQ(slab.in_use(), 0U);
}

}  // namespace
}  // namespace tapdeck
