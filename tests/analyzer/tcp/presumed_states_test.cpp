// What an endpoint is presumed to have received: confirmed by its own words, or taken back by them.
#include <gtest/gtest.h>

#include "tests/support/traced_story.h"

namespace tapdeck {
namespace {

using test::milliseconds;
using test::seconds;
using test::Story;
using test::TracedStory;

/// Of the last change of the side to the state; 0: never confirmed.
std::uint64_t confirmed(const ConnectionReport& report, Side side, TcpState to) {
  std::uint64_t frame = 0;
  for (const StateChangeReport& change : report.tcp->states.changes) {
    if (change.side == side && change.to == to) frame = change.confirmed_frame;
  }
  return frame;
}

TEST(PresumedStates, OwnActsConfirmThemselves) {
  Story story;
  story.handshake();
  const ConnectionReport report = story.report();
  EXPECT_EQ(confirmed(report, Side::client, TcpState::syn_sent), 1U);
  EXPECT_EQ(confirmed(report, Side::server, TcpState::syn_received), 2U);
  EXPECT_EQ(confirmed(report, Side::client, TcpState::established), 3U);
}

TEST(PresumedStates, ServerIsEstablishedForSureWithItsNextSegment) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 10);
  story.server(".", 1, 11);
  EXPECT_EQ(confirmed(story.report(), Side::server, TcpState::established), 5U);
}

TEST(PresumedStates, SilentServerIsEstablishedByHearsay) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 10);
  EXPECT_EQ(confirmed(story.report(), Side::server, TcpState::established), 0U);
}

TEST(PresumedStates, AckOfTheNextFinShowsThatTheAckBeforeItCame) {
  Story story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server(".", 1, 2);
  story.server("F.", 1, 2);
  story.client(".", 2, 2);
  const ConnectionReport report = story.report();
  EXPECT_EQ(confirmed(report, Side::client, TcpState::fin_wait_2), 7U);
  EXPECT_EQ(confirmed(report, Side::client, TcpState::time_wait), 7U);
  EXPECT_EQ(confirmed(report, Side::server, TcpState::closed), 0U);
}

TEST(PresumedStates, RepeatedSynAckTakesTheServerBack) {
  TracedStory story;
  story.handshake();
  story.wait(seconds);
  story.server("S.", 0, 1);
  EXPECT_EQ(story.server_state(), TcpState::syn_received);
  story.client(".", 1, 1);
  EXPECT_EQ(story.server_state(), TcpState::established);
  EXPECT_EQ(story.last().connection_words, 0);
}

TEST(PresumedStates, DataActsForALostAckOfTheHandshake) {
  TracedStory story;
  story.client("S", 0);
  story.server("S.", 0, 1);
  story.client("P.", 1, 1, 100);
  EXPECT_EQ(story.client_state(), TcpState::established);
  EXPECT_EQ(story.server_state(), TcpState::established);
  EXPECT_EQ(story.last().connection_words, ConnectionWord::handshake_complete);
}

TEST(PresumedStates, LostLastAckLeavesLastAck) {
  TracedStory story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server("F.", 1, 2);
  story.client(".", 2, 2);
  EXPECT_EQ(story.server_state(), TcpState::closed);
  story.wait(300 * milliseconds);
  story.server("F.", 1, 2);
  EXPECT_EQ(story.server_state(), TcpState::last_ack);
  story.client(".", 2, 2);
  EXPECT_EQ(story.server_state(), TcpState::closed);
  EXPECT_EQ(story.client_state(), TcpState::time_wait);
}

TEST(PresumedStates, FinSentBeforeTheAckCouldComeTakesNothingBack) {
  TracedStory story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server("F.", 1, 2);
  story.client(".", 2, 2);
  story.server("F.", 1, 2);
  EXPECT_EQ(story.server_state(), TcpState::closed);
}

TEST(PresumedStates, RepeatedFinTakesFinWait2Back) {
  TracedStory story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server(".", 1, 2);
  EXPECT_EQ(story.client_state(), TcpState::fin_wait_2);
  story.wait(300 * milliseconds);
  story.client("F.", 1, 1);
  EXPECT_EQ(story.client_state(), TcpState::fin_wait_1);
}

TEST(PresumedStates, LostFinLeavesThePeerEstablished) {
  TracedStory story;
  story.handshake();
  story.client("F.", 1, 1);
  story.wait(seconds);
  story.client("F.", 1, 1);
  EXPECT_EQ(story.client_state(), TcpState::fin_wait_1);
  EXPECT_EQ(story.server_state(), TcpState::established);
  story.server(".", 1, 2);
  EXPECT_EQ(story.server_state(), TcpState::close_wait);
}

TEST(PresumedStates, FastOpenServerAnswersInSynReceived) {
  TracedStory story;
  story.client("S", 0, 0, 50);
  story.server("S.", 0, 51);
  story.server("P.", 1, 51, 700);
  EXPECT_EQ(story.server_state(), TcpState::syn_received);
  story.client(".", 51, 701);
  EXPECT_EQ(story.server_state(), TcpState::established);
}

TEST(PresumedStates, CrossedSynsAcknowledgedAloneOpenBoth) {
  TracedStory story;
  story.client("S", 0);
  story.server("S", 0);
  EXPECT_EQ(story.last().connection_words, ConnectionWord::syn | ConnectionWord::simultaneous_open);
  story.client(".", 1, 1);
  EXPECT_EQ(story.client_state(), TcpState::syn_received);
  story.server(".", 1, 1);
  EXPECT_EQ(story.client_state(), TcpState::established);
  EXPECT_EQ(story.server_state(), TcpState::established);
  EXPECT_EQ(story.last().connection_words, ConnectionWord::handshake_complete);
}

TEST(PresumedStates, CrossedFinsAreASimultaneousClose) {
  TracedStory story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server("F.", 1, 1);
  EXPECT_EQ(story.last().connection_words,
            ConnectionWord::fin | ConnectionWord::simultaneous_close);
}

TEST(PresumedStates, ResetInTimeWaitAssassinatesIt) {
  TracedStory story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server("F.", 1, 2);
  story.client(".", 2, 2);
  story.server("R", 2);
  EXPECT_EQ(story.client_state(), TcpState::closed);
  EXPECT_EQ(story.report().tcp->teardown.kind, TeardownKind::fin);
}

TEST(PresumedStates, LateDataBehindAResetOpensNothing) {
  TracedStory story;
  story.handshake();
  story.server("R.", 1, 1);
  story.client("P.", 1, 1, 100);
  EXPECT_EQ(story.client_state(), TcpState::closed);
  EXPECT_EQ(story.server_state(), TcpState::closed);
}

TEST(PresumedStates, DamagedFinMovesNobody) {
  TracedStory story;
  story.handshake();
  story.bad_checksum = true;
  story.client("F.", 1, 1);
  EXPECT_EQ(story.client_state(), TcpState::established);
}

TEST(PresumedStates, ChecksumsThatAreNeverRightSayNothing) {
  TracedStory story;
  story.bad_checksum = true;
  story.handshake();
  story.client("F.", 1, 1);
  EXPECT_EQ(story.client_state(), TcpState::fin_wait_1);
}

TEST(PresumedStates, AcknowledgedDataWasNotDamaged) {
  TracedStory story;
  story.handshake();
  story.bad_checksum = true;
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  story.client("F.", 101, 1);
  EXPECT_EQ(story.client_state(), TcpState::fin_wait_1);
}

}  // namespace
}  // namespace tapdeck
