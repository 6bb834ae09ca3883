#include "analyzer/report/ladder_builder.h"

#include <gtest/gtest.h>

#include "tests/support/ladder_segments.h"

namespace tapdeck {
namespace {

using test::LadderStory;

const LadderSegment& segment_at(const Ladder& ladder, std::size_t place) {
  return std::get<LadderSegment>(ladder.items.at(place));
}

TEST(LadderBuilder, CountsFromBothSyns) {
  LadderStory story;
  story.client_isn = 0xffffffff;  // data begin at 0
  story.server_isn = 0xfffffffe;
  story.handshake();
  story.client("P.", 1, 1, 10);
  story.server("P.", 1, 11, 20);
  const Ladder ladder = story.ladder();
  EXPECT_EQ(segment_at(ladder, 0).seq, 0);
  EXPECT_EQ(segment_at(ladder, 3).seq, 1);
  EXPECT_EQ(segment_at(ladder, 3).ack, 1);
  EXPECT_EQ(segment_at(ladder, 4).seq, 1);
  EXPECT_EQ(segment_at(ladder, 4).ack, 11);
}

TEST(LadderBuilder, ShowsRawNumbersIfAsked) {
  LadderStory story({.raw_numbers = true, .fold = true});
  story.client_isn = 4'000'000'000;
  story.handshake();
  const Ladder ladder = story.ladder();
  EXPECT_EQ(segment_at(ladder, 0).seq, 4'000'000'000);
  EXPECT_EQ(segment_at(ladder, 1).ack, 4'000'000'001);
  EXPECT_TRUE(ladder.raw_numbers);
}

TEST(LadderBuilder, BeginsAtOneInTheMiddleOfAConnection) {
  LadderStory story;
  story.client(".", 77, 33, 100);
  story.server(".", 33, 177);
  const Ladder ladder = story.ladder();
  EXPECT_EQ(segment_at(ladder, 0).seq, 1);
  EXPECT_EQ(segment_at(ladder, 0).ack, 1);
  EXPECT_EQ(segment_at(ladder, 1).seq, 1);
  EXPECT_EQ(segment_at(ladder, 1).ack, 101);
  EXPECT_FALSE(segment_at(ladder, 0).window_scaled);
}

TEST(LadderBuilder, ScalesWindowsButThoseOfSyns) {
  LadderStory story;
  story.next.window_shift = 7;
  story.client("S", 0);
  story.next.window_shift = 2;
  story.server("S.", 0, 1);
  story.next.window_shift = 7;
  story.client(".", 1, 1);
  story.next.window_shift = 0;
  story.server(".", 1, 1);
  const Ladder ladder = story.ladder();
  EXPECT_EQ(segment_at(ladder, 0).window, 1000U);
  EXPECT_EQ(segment_at(ladder, 1).window, 1000U);
  EXPECT_EQ(segment_at(ladder, 2).window, 128'000U);
  EXPECT_EQ(segment_at(ladder, 3).window, 1000U);
  EXPECT_TRUE(segment_at(ladder, 3).window_scaled);
}

TEST(LadderBuilder, KnowsASackOfASecondCopy) {
  LadderStory story;
  story.handshake();
  story.client(".", 1, 1, 1000);
  story.next.segment.options.sack_block_count = 1;
  story.next.segment.options.sack_blocks[0] = {story.client_isn + 1, story.client_isn + 501};
  story.server(".", 1, 1001);
  story.next.segment.options.sack_blocks[0] = {story.client_isn + 2001, story.client_isn + 3001};
  story.server(".", 1, 1001);
  const Ladder ladder = story.ladder();
  EXPECT_TRUE(segment_at(ladder, 4).d_sack);
  EXPECT_EQ(segment_at(ladder, 4).sack_blocks.at(0),
            (std::pair<std::int64_t, std::int64_t>{1, 501}));
  EXPECT_FALSE(segment_at(ladder, 5).d_sack);
}

TEST(LadderBuilder, MeasuresTheGapBeforeASegment) {
  LadderStory story;
  story.handshake();
  story.client(".", 1, 1, 1000);
  story.client(".", 3001, 1, 1000);
  const Ladder ladder = story.ladder();
  EXPECT_EQ(segment_at(ladder, 3).gap_octets, 0U);
  EXPECT_EQ(segment_at(ladder, 4).gap_octets, 2000U);
}

TEST(LadderBuilder, WaitsForVerdictsInWhateverOrder) {
  LadderBuilder builder{LadderOptions{}};
  TracedSegment traced;
  traced.connection = 5;
  for (const std::uint64_t frame : {5U, 8U, 9U}) {
    traced.frame = frame;
    builder.add(traced);
  }
  Verdict late;
  late.origin = Origin::retransmission;
  builder.settle({9, 5, late});
  builder.settle({7, 5, late});
  builder.settle({5, 5, {}});
  const Ladder ladder = builder.finish();
  ASSERT_EQ(ladder.items.size(), 3U);
  EXPECT_EQ(segment_at(ladder, 1).verdict, Verdict{});
  EXPECT_EQ(segment_at(ladder, 2).verdict, late);
  EXPECT_EQ(ladder.tallies[0].words.of("retransmission").count, 1U);
  EXPECT_EQ(ladder.tallies[0].words.of("retransmission").first_frame, 9U);
}

}  // namespace
}  // namespace tapdeck
