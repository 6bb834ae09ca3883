// What the lab holds for the truth: from what was sent and what arrived to what each frame is.
#include <vector>

#include <gtest/gtest.h>

#include "tests/tools/lab/lab_story.h"
#include "tools/bench/traffic_random.h"
#include "tools/lab/truth/sequence_set.h"

namespace tapdeck::test {
namespace {

constexpr CapturePoint client = CapturePoint::client;
constexpr CapturePoint server = CapturePoint::server;
constexpr CapturePoint missing = CapturePoint::missing;

TEST(SequenceSet, AgreesWithABitmap) {
  constexpr std::int64_t size = 200;
  TrafficRandom random(7);
  SequenceSet set;
  std::vector<bool> bitmap(size);
  for (int round = 0; round < 400; ++round) {
    const auto begin = static_cast<std::int64_t>(random.below(size - 20));
    const SequenceRange range{begin, begin + random.below(20)};
    std::int64_t held = 0;
    for (std::int64_t at = range.begin; at < range.end; ++at) held += bitmap[at] ? 1 : 0;
    EXPECT_EQ(set.overlaps(range), held > 0) << "round " << round;
    EXPECT_EQ(set.covers(range), held == range.end - range.begin) << "round " << round;
    if (round % 3 != 0) continue;
    set.add(range);
    for (std::int64_t at = range.begin; at < range.end; ++at) bitmap[at] = true;
    if (round % 90 == 0) {
      set = {};
      bitmap.assign(size, false);
    }
  }
}

TEST(Truth, ALostSegmentSentAgainIsARetransmissionAtEitherHost) {
  LabStory story;
  story.open();
  story.send(Way::up, {.seq = 1, .octets = 100});
  story.pass(Way::up, {.seq = 101, .octets = 100});
  story.pass(Way::up, {.seq = 1, .octets = 100});
  EXPECT_EQ(story.last_at(client), "retransmission lost_downstream");
  EXPECT_EQ(story.last_at(server), "retransmission lost_upstream");
}

TEST(Truth, AnOvertakenSegmentIsOutOfOrderOnlyBehindTheLink) {
  LabStory story;
  story.open();
  const auto late = story.send(Way::up, {.seq = 1, .octets = 100});
  story.pass(Way::up, {.seq = 101, .octets = 100});
  EXPECT_EQ(story.last_at(client), "plain");
  story.deliver(late);
  EXPECT_EQ(story.last_at(server), "out_of_order");
}

TEST(Truth, ARepeatOfLaterOctetsPutsNothingOutOfOrder) {
  LabStory story;
  story.open();
  story.send(Way::up, {.seq = 101, .octets = 100});
  const auto first = story.send(Way::up, {.seq = 1, .octets = 100});
  story.pass(Way::up, {.seq = 101, .octets = 100});
  EXPECT_EQ(story.last_at(server), "retransmission lost_upstream");
  story.deliver(first);
  EXPECT_EQ(story.last_at(server), "plain");
}

TEST(Truth, ACopyIsADuplicateWhereBothWereCaptured) {
  LabStory story;
  story.open();
  const auto data = story.pass(Way::up, {.seq = 1, .octets = 100});
  story.deliver_copy(data);
  EXPECT_EQ(story.last_at(server), "duplicate");
  EXPECT_EQ(story.last_at(missing), "duplicate");
}

TEST(Truth, ACopyOfWhatTheCaptureMissedIsNoDuplicateThere) {
  LabStory story;
  story.open();
  const auto data = story.send(Way::up, {.seq = 1, .octets = 100});
  story.miss_next();
  story.deliver(data);
  story.deliver_copy(data);
  EXPECT_EQ(story.last_at(server), "duplicate");
  EXPECT_EQ(story.last_at(missing), "plain");
}

TEST(Truth, ACopiedAckIsADuplicateAndNothingElse) {
  LabStory story;
  story.open();
  const auto ack = story.pass(Way::down, {.seq = 1, .ack = 1});
  story.pass(Way::down, {.seq = 1, .ack = 1});
  EXPECT_EQ(story.last_at(client), "plain");
  story.deliver_copy(ack);
  EXPECT_EQ(story.last_at(client), "duplicate");
}

TEST(Truth, ARepeatOfWhatArrivesLaterIsSpurious) {
  LabStory story;
  story.open();
  const auto late = story.send(Way::up, {.seq = 1, .octets = 100});
  story.pass(Way::up, {.seq = 1, .octets = 100});
  EXPECT_EQ(story.last_at(server), "retransmission lost_upstream");
  story.deliver(late);
  EXPECT_EQ(story.last_at(client), "retransmission spurious");
}

TEST(Truth, ARepeatOfMoreThanArrivedIsNotSpurious) {
  LabStory story;
  story.open();
  story.pass(Way::up, {.seq = 1, .octets = 100});
  story.send(Way::up, {.seq = 101, .octets = 100});
  story.pass(Way::up, {.seq = 51, .octets = 100});
  EXPECT_EQ(story.last_at(client), "retransmission lost_downstream");
  story.pass(Way::up, {.seq = 1, .octets = 150});
  EXPECT_EQ(story.last_at(client), "retransmission spurious");
}

TEST(Truth, AFinAndASynAreOctetsToo) {
  LabStory story;
  story.send(Way::up, {.seq = 0, .octets = 1, .flags = TcpFlags::syn});
  story.open();
  story.send(Way::up, {.seq = 1, .octets = 1, .flags = TcpFlags::fin | TcpFlags::ack});
  story.send(Way::up, {.seq = 1, .octets = 1, .flags = TcpFlags::fin | TcpFlags::ack});
  EXPECT_EQ(story.last_at(client), "retransmission lost_downstream");
  EXPECT_EQ(classify(story.judged(), client)[1].frame_class, FrameClass::retransmission);
}

TEST(Truth, ASynWithAnotherNumberBeginsAnew) {
  LabStory story;
  story.open();
  story.pass(Way::up, {.seq = 1, .octets = 100});
  story.pass(Way::up, {.seq = 70'000, .octets = 1, .flags = TcpFlags::syn});
  EXPECT_EQ(story.last_at(server), "plain");
  story.pass(Way::up, {.seq = 70'001, .octets = 100});
  EXPECT_EQ(story.last_at(server), "plain");
  EXPECT_EQ(classify(story.judged(), server).back().range, (SequenceRange{1, 101}));
}

/// A late original, sent at `original`, arrives behind its repeat, sent at `repeat`.
std::string repeat_before_late_original(std::uint32_t original, std::uint32_t repeat) {
  LabStory story;
  story.open(1000);
  const auto late = story.send(Way::up, {.seq = 1, .octets = 100, .timestamp = original});
  story.pass(Way::up, {.seq = 1, .octets = 100, .timestamp = repeat, .ack = 1});
  story.deliver(late);
  return story.last_at(client);
}

TEST(Paws, ALateOriginalWithAnOldTimestampIsThrownAwaySoItsRepeatWasNeeded) {
  EXPECT_EQ(repeat_before_late_original(1010, 1012), "retransmission lost_downstream");
}

TEST(Paws, ATickOlderPassesAsInLinux) {
  EXPECT_EQ(repeat_before_late_original(1010, 1011), "retransmission spurious");
}

TEST(Paws, OnlyASegmentAtTheLastAckMakesItsTimestampTheLatest) {
  LabStory story;
  story.open(1000);
  const auto late = story.send(Way::up, {.seq = 1, .octets = 100, .timestamp = 1010});
  story.pass(Way::up, {.seq = 101, .octets = 100, .timestamp = 1040, .ack = 1});
  story.send(Way::up, {.seq = 1, .octets = 100, .timestamp = 1050});
  story.deliver(late);
  EXPECT_EQ(story.last_at(client), "retransmission spurious");
}

TEST(Paws, CountsWhatItThrowsAway) {
  LabStory story;
  story.open(1000);
  const auto late = story.send(Way::up, {.seq = 1, .octets = 100, .timestamp = 1010});
  story.pass(Way::up, {.seq = 1, .octets = 100, .timestamp = 1030, .ack = 1});
  story.deliver(late);
  Recording recording = story.judged();
  EXPECT_EQ(judge_deliveries(recording, Way::up).old_timestamps, 1U);
}

}  // namespace
}  // namespace tapdeck::test
