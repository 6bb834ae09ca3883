// How often bytes were sent, and over which time, as anomalies tell it.
#include <gtest/gtest.h>

#include "analyzer/anomalies/family.h"
#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::milliseconds;
using test::seconds;
using test::Story;
using enum AnomalyType;

Anomaly only(Story& story, AnomalyType type) {
  for (const Anomaly& anomaly : story.anomalies()) {
    if (anomaly.type == type) return anomaly;
  }
  return {};
}

TEST(Repeats, ALossRepeatedIsTimedFromTheFirstSendingToTheLast) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  story.wait(230 * milliseconds);
  story.client("P.", 1, 1, 100);
  story.wait(490 * milliseconds);
  story.client("P.", 1, 1, 100);
  story.wait(990 * milliseconds);
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  const Anomaly loss = only(story, repeated_loss);
  EXPECT_EQ(loss.evidence.get(EvidenceName::tries), 4);
  EXPECT_EQ(loss.evidence.get(EvidenceName::delay_ns), 1'740 * milliseconds);
  EXPECT_EQ(loss.evidence.get(EvidenceName::from_frame), 5);
  EXPECT_EQ(loss.first.frame, 5U);
  EXPECT_EQ(loss.last.frame, 7U);
}

TEST(Repeats, OfSegmentsSentTwiceAndOneSentThriceTheOneIsTold) {
  Story story;
  story.handshake();
  story.client(".", 1, 1, 100);
  story.client("P.", 101, 1, 100);
  story.wait(300 * milliseconds);
  story.client(".", 1, 1, 100);
  story.server(".", 1, 101);
  story.client("P.", 101, 1, 100);
  story.wait(600 * milliseconds);
  story.client("P.", 101, 1, 100);
  story.server(".", 1, 201);
  const Anomaly loss = only(story, repeated_loss);
  EXPECT_EQ(loss.count, 1U);
  EXPECT_EQ(loss.evidence.get(EvidenceName::tries), 3);
  EXPECT_EQ(loss.evidence.get(EvidenceName::from_frame), 8);
  EXPECT_EQ(loss.evidence.get(EvidenceName::delay_ns), 940 * milliseconds);
}

TEST(Repeats, SynsWithoutDataAreNoSendingsOfIt) {
  Story story;
  story.client("S", 0, 0, 100);
  for (int i = 0; i < 4; ++i) {
    story.wait(seconds << i);
    story.client("S", 0);
  }
  story.server("S.", 0, 1);
  story.client("P.", 1, 1, 100);
  story.wait(300 * milliseconds);
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  EXPECT_EQ(only(story, repeated_loss).evidence.get(EvidenceName::tries), 3);
}

}  // namespace
}  // namespace tapdeck
