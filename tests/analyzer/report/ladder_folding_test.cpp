#include "analyzer/report/ladder_folding.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/ladder_segments.h"

namespace tapdeck {
namespace {

using test::LadderStory;

std::uint64_t segments_of(const LadderItem& item) {
  const auto* const fold = std::get_if<LadderFold>(&item);
  return fold == nullptr ? 1 : fold->segments();
}

std::uint64_t segments_of(const Ladder& ladder) {
  std::uint64_t sum = 0;
  for (const LadderItem& item : ladder.items) sum += segments_of(item);
  return sum;
}

std::vector<LadderFold> folds_of(const Ladder& ladder) {
  std::vector<LadderFold> folds;
  for (const LadderItem& item : ladder.items) {
    if (const auto* const fold = std::get_if<LadderFold>(&item)) folds.push_back(*fold);
  }
  return folds;
}

bool draws(const Ladder& ladder, std::uint64_t frame) {
  return std::ranges::any_of(ladder.items, [&](const LadderItem& item) {
    const auto* const segment = std::get_if<LadderSegment>(&item);
    return segment != nullptr && segment->frame == frame;
  });
}

TEST(LadderFolding, DrawsAShortConnectionWhole) {
  LadderStory story;
  story.handshake();
  story.upload(4);
  story.client("F.", 4001, 1);
  const Ladder ladder = story.ladder();
  EXPECT_TRUE(folds_of(ladder).empty());
  EXPECT_EQ(ladder.items.size(), 12U);
}

TEST(LadderFolding, FoldsALongRunIntoCounts) {
  LadderStory story;
  story.handshake();
  story.upload(500);
  story.client("F.", 500'001, 1);
  const Ladder ladder = story.ladder();
  const std::vector<LadderFold> folds = folds_of(ladder);
  ASSERT_EQ(folds.size(), 1U);
  EXPECT_LT(ladder.items.size(), 12U);
  EXPECT_EQ(segments_of(ladder), 1004U);
  EXPECT_EQ(folds[0].sent[0].segments, 498U);
  EXPECT_EQ(folds[0].sent[0].payload_octets, 498'000U);
  EXPECT_EQ(folds[0].sent[0].end, 499'001);
  EXPECT_EQ(folds[0].sent[1].bare, 498U);
  EXPECT_EQ(folds[0].sent[1].last_ack, 499'001);
  EXPECT_TRUE(draws(ladder, 4));
  EXPECT_TRUE(draws(ladder, 1003));
}

TEST(LadderFolding, DrawsWhatIsNewsAndWhatLiesAroundIt) {
  LadderStory story;
  story.handshake();
  story.upload(100);
  story.verdict.origin = Origin::retransmission;
  story.client(".", 1, 1, 1000);
  const std::uint64_t news = story.last_frame();
  story.verdict = {};
  story.upload(100, 100'001);
  const Ladder ladder = story.ladder();
  for (std::uint64_t frame = news - 2; frame <= news + 2; ++frame) {
    EXPECT_TRUE(draws(ladder, frame)) << frame;
  }
  EXPECT_EQ(folds_of(ladder).size(), 2U);
  EXPECT_EQ(segments_of(ladder), 3U + 200U + 1U + 200U);
}

TEST(LadderFolding, CountsTheWordsOfWhatRepeatsItself) {
  LadderStory story;
  story.handshake();
  story.verdict.ack = AckVerdict::duplicate_ack;
  for (int i = 0; i < 50; ++i) story.server(".", 1, 1);
  story.verdict = {};
  const Ladder ladder = story.ladder();
  ASSERT_EQ(folds_of(ladder).size(), 1U);
  EXPECT_EQ(folds_of(ladder)[0].words.of("duplicate_ack").count, 46U);
}

TEST(LadderFolding, DrawsAPauseAndEveryChangeOfState) {
  LadderStory story;
  story.handshake();
  story.upload(100);
  const std::uint64_t before = story.last_frame();
  story.wait(2 * test::seconds);
  story.upload(100, 100'001);
  story.next.states_after[0] = TcpState::close_wait;
  story.client(".", 200'001, 1);
  const std::uint64_t change = story.last_frame();
  story.upload(100, 200'001);
  const Ladder ladder = story.ladder();
  EXPECT_TRUE(draws(ladder, before));
  EXPECT_TRUE(draws(ladder, before + 1));
  EXPECT_TRUE(draws(ladder, change));
}

TEST(LadderFolding, FoldsNothingIfAsked) {
  LadderStory story({.raw_numbers = false, .fold = false});
  story.upload(300);
  EXPECT_EQ(story.ladder().items.size(), 600U);
}

TEST(LadderFolding, LeavesTheMiddleOutOfWhatIsTooLong) {
  LadderStory story({.raw_numbers = false, .fold = false, .rows = 20});
  story.upload(300);
  const Ladder ladder = story.ladder();
  ASSERT_EQ(ladder.items.size(), 21U);
  const auto& left_out = std::get<LadderFold>(ladder.items[10]);
  EXPECT_TRUE(left_out.left_out);
  EXPECT_EQ(left_out.segments(), 580U);
  EXPECT_EQ(left_out.first_frame, 11U);
  EXPECT_EQ(left_out.last_frame, 590U);
  EXPECT_TRUE(draws(ladder, 600));
}

TEST(LadderFolding, KeepsNoMoreThanItDrawsOfAnEndlessConnection) {
  LadderStory story({.raw_numbers = false, .fold = true, .rows = 40});
  story.handshake();
  for (int i = 0; i < 2'000; ++i) {  // news without end
    story.upload(10);
    story.client("R", 1);
  }
  const Ladder ladder = story.ladder();
  EXPECT_EQ(ladder.items.size(), 41U);
  EXPECT_EQ(segments_of(ladder), 3U + 2'000U * 21U);
}

}  // namespace
}  // namespace tapdeck
