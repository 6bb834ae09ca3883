// How often a window was taken back, as anomalies tell it.
#include <gtest/gtest.h>

#include "analyzer/anomalies/family.h"
#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::Story;
using enum AnomalyType;

Anomaly only(Story& story, AnomalyType type) {
  for (const Anomaly& anomaly : story.anomalies()) {
    if (anomaly.type == type) return anomaly;
  }
  return {};
}

TEST(Window, WhatIsTakenBackBehindThePeersFinCountsWithWhatWasBefore) {
  for (const bool before : {true, false}) {
    Story story;
    story.handshake();
    story.client("P.", 1, 1, 100);
    story.server(".", 1, 101);
    story.window = before ? 700 : 1000;
    story.server(".", 1, 101);
    story.window = 1000;
    story.client("F.", 101, 1);
    story.window = before ? 699 : 999;
    story.server(".", 1, 102);
    story.window = 500;
    story.server(".", 1, 102);
    EXPECT_EQ(only(story, window_shrunk).count, before ? 2U : 0U);
  }
}

}  // namespace
}  // namespace tapdeck
