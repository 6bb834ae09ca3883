// How long a window was closed, and how often it was taken back, as anomalies tell it.
#include <gtest/gtest.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"
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

/// The client's 100 bytes close the server's window.
void close_window(Story& story) {
  story.handshake();
  story.client("P.", 1, 1, 100);
  story.window = 0;
  story.server(".", 1, 101);
}

void probe(Story& story, bool answered) {
  story.window = 1000;
  story.client(".", 100, 1);
  story.window = 0;
  if (answered) story.server(".", 1, 101);
}

TEST(Window, OneThatOpensAgainWasClosedUntilThen) {
  Story story;
  close_window(story);
  story.wait(290 * milliseconds);
  probe(story, true);
  story.window = 1000;
  story.server(".", 1, 101);
  const Anomaly stall = only(story, zero_window);
  EXPECT_EQ(stall.first.frame, 5U);
  EXPECT_EQ(explanation_of(stall),
            "The server closed its window for 320.0 ms, in 1 stall: its application did not read; "
            "the client probed 1 time.");
}

TEST(Window, OneThatNeverOpensAgainIsToldAsThat) {
  Story story;
  close_window(story);
  for (int i = 0; i < 3; ++i) {
    story.wait(seconds << i);
    probe(story, true);
  }
  EXPECT_EQ(explanation_of(only(story, zero_window)),
            "The server closed its window for at least 7.060 s, in 1 stall: its application did "
            "not read; the client probed 3 times; the window never opened again in this capture, "
            "up to frame 11.");
}

TEST(Window, OneThatAResetEndsNeverOpened) {
  Story story;
  close_window(story);
  story.wait(seconds);
  probe(story, true);
  story.server("R.", 1, 101);
  EXPECT_EQ(only(story, zero_window).evidence.get(EvidenceName::closed_frame), 8);
}

TEST(Window, OneThatNobodyWaitsForIsNoStall) {
  Story story;
  close_window(story);
  story.wait(10 * seconds);
  EXPECT_EQ(only(story, zero_window).count, 0U);
}

TEST(Window, OneThatIsToldTwiceHasSomebodyWaiting) {
  Story story;
  close_window(story);
  story.wait(seconds);
  story.server(".", 1, 101);
  const Anomaly stall = only(story, zero_window);
  EXPECT_EQ(stall.first.frame, 5U);
  EXPECT_EQ(stall.evidence.get(EvidenceName::total_delay_ns), 1'010 * milliseconds);
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
