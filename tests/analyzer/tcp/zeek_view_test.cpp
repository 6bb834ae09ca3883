// conn_state and history as Zeek writes them.
#include "analyzer/tcp/zeek_view.h"

#include <gtest/gtest.h>

#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::Story;

struct Outcome {
  std::string_view state;
  std::string history;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

template <class Tell>
Outcome outcome_of(Tell tell) {
  Story story;
  tell(story);
  const ConnectionReport report = story.report();
  return {report.conn_state, report.history};
}

TEST(ZeekView, AttemptsWithoutAConnection) {
  EXPECT_EQ(outcome_of([](Story& s) { s.client("S", 0); }), (Outcome{"S0", "S"}));
  EXPECT_EQ(outcome_of([](Story& s) {
              s.client("S", 0);
              s.client("R", 1);
            }),
            (Outcome{"RSTOS0", "SR"}));
  EXPECT_EQ(outcome_of([](Story& s) {
              s.client("S", 0);
              s.client("F", 1);
            }),
            (Outcome{"SH", "SF"}));
  EXPECT_EQ(outcome_of([](Story& s) {
              s.client("S", 0);
              s.server("S.", 0, 1);
            }),
            (Outcome{"S1", "Sh"}));
}

TEST(ZeekView, OneFinOnly) {
  EXPECT_EQ(outcome_of([](Story& s) {
              s.handshake();
              s.client("F.", 1, 1);
            }),
            (Outcome{"S2", "ShAF"}));
  EXPECT_EQ(outcome_of([](Story& s) {
              s.handshake();
              s.server("F.", 1, 1);
            }),
            (Outcome{"S3", "ShAf"}));
}

TEST(ZeekView, ResetsByEitherSide) {
  EXPECT_EQ(outcome_of([](Story& s) {
              s.handshake();
              s.client("P.", 1, 1, 5);
              s.client("R.", 6, 1);
            }),
            (Outcome{"RSTO", "ShADR"}));
  EXPECT_EQ(outcome_of([](Story& s) {
              s.server("S.", 0, 1);
              s.server("R.", 1, 1);
            }),
            (Outcome{"RSTRH", "^hr"}));
}

TEST(ZeekView, MidstreamIsOther) {
  EXPECT_EQ(outcome_of([](Story& s) {
              s.client("P.", 1, 1, 5);
              s.server(".", 1, 6);
            }),
            (Outcome{"OTH", "Da"}));
}

TEST(ZeekView, GrowingCountsAreNotedAtPowersOfTen) {
  const Outcome outcome = outcome_of([](Story& s) {
    s.handshake();
    s.client("P.", 1, 1, 100);
    for (int i = 0; i < 12; ++i) s.client("P.", 1, 1, 100);
  });
  EXPECT_EQ(outcome.history, "ShADTT");
}

TEST(ZeekView, GapsZeroWindowsAndBadChecksums) {
  const Outcome gap = outcome_of([](Story& s) {
    s.handshake();
    s.client("P.", 1, 1, 100);
    s.client("P.", 201, 1, 100);
    s.server(".", 1, 301);
  });
  EXPECT_EQ(gap.history, "ShADaG");
  const Outcome window = outcome_of([](Story& s) {
    s.handshake();
    s.window = 0;
    s.server(".", 1, 1);
  });
  EXPECT_EQ(window.history, "ShAaw");
  const Outcome checksum = outcome_of([](Story& s) {
    s.handshake();
    s.bad_checksum = true;
    s.client("P.", 1, 1, 3);
  });
  EXPECT_EQ(checksum.history, "ShADC");
}

TEST(ZeekView, DatagramFlowsShowWhoSent) {
  EXPECT_EQ(outcome_of([](Story& s) { s.udp(true, 10); }), (Outcome{"S0", "D"}));
  EXPECT_EQ(outcome_of([](Story& s) {
              s.udp(true, 10);
              s.udp(false, 10);
            }),
            (Outcome{"SF", "Dd"}));
  EXPECT_EQ(outcome_of([](Story& s) { s.udp(false, 10); }), (Outcome{"SHR", "^d"}));
}

TEST(ZeekView, HistoryIsBounded) {
  Story story;
  story.handshake();
  for (std::uint32_t i = 0; i < 1000; ++i) story.client("F.", 1 + i, 1);
  EXPECT_EQ(story.report().history.size(), ZeekHistory::bound);
}

}  // namespace
}  // namespace tapdeck
