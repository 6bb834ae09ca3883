// Both endpoints' states through the life of a connection, and by what each change was known.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::Story;

/// "3 client SYN_SENT>ESTABLISHED received_syn_ack"
std::vector<std::string> changes_of(const ConnectionReport& report) {
  std::vector<std::string> lines;
  for (const StateChangeReport& change : report.tcp->states.changes) {
    lines.push_back(std::to_string(change.frame) +
                    (change.side == Side::client ? " client " : " server ") +
                    std::string(to_string(change.from)) + ">" + std::string(to_string(change.to)) +
                    " " + std::string(to_string(change.reason)));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(States, HandshakeOpensBothEnds) {
  Story story;
  story.handshake();
  EXPECT_EQ(changes_of(story.report()),
            (Lines{"1 client CLOSED>SYN_SENT sent_syn", "2 server LISTEN>SYN_RECEIVED sent_syn_ack",
                   "3 client SYN_SENT>ESTABLISHED received_syn_ack",
                   "3 server SYN_RECEIVED>ESTABLISHED "
                   "received_ack_of_syn"}));
}

TEST(States, ActiveCloserWaitsAndPassiveCloserGoes) {
  Story story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server(".", 1, 2);
  story.server("F.", 1, 2);
  story.client(".", 2, 2);
  const ConnectionReport report = story.report();
  const Lines changes = changes_of(report);
  EXPECT_EQ(
      Lines(changes.begin() + 4, changes.end()),
      (Lines{"4 client ESTABLISHED>FIN_WAIT_1 sent_fin",
             "5 server ESTABLISHED>CLOSE_WAIT received_fin",
             "5 client FIN_WAIT_1>FIN_WAIT_2 received_ack_of_fin",
             "6 server CLOSE_WAIT>LAST_ACK sent_fin", "7 client FIN_WAIT_2>TIME_WAIT received_fin",
             "7 server LAST_ACK>CLOSED received_ack_of_fin"}));
  EXPECT_EQ(report.tcp->teardown.kind, TeardownKind::fin);
  EXPECT_EQ(report.tcp->teardown.by, TeardownBy::client);
  EXPECT_EQ(report.tcp->teardown.frame, 4U);
  EXPECT_EQ(report.tcp->teardown.time_wait, TeardownBy::client);
  EXPECT_FALSE(report.tcp->teardown.half_closed);
  EXPECT_EQ(report.conn_state, "SF");
  EXPECT_EQ(report.history, "ShAFaf");
}

TEST(States, FinThatCarriesTheAckOfTheOtherFin) {
  Story story;
  story.handshake();
  story.server("F.", 1, 1);
  story.client("F.", 1, 2);
  story.server(".", 2, 2);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->states.server, TcpState::time_wait);
  EXPECT_EQ(report.tcp->states.client, TcpState::closed);
  EXPECT_EQ(report.tcp->teardown.by, TeardownBy::server);
}

TEST(States, CrossedFinsPassThroughClosing) {
  Story story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server("F.", 1, 1);
  story.client(".", 2, 2);
  story.server(".", 2, 2);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->teardown.by, TeardownBy::both);
  EXPECT_EQ(report.tcp->states.client, TcpState::time_wait);
  EXPECT_EQ(report.tcp->states.server, TcpState::time_wait);
  const Lines changes = changes_of(report);
  EXPECT_EQ(
      Lines(changes.begin() + 4, changes.end()),
      (Lines{"4 client ESTABLISHED>FIN_WAIT_1 sent_fin", "5 server ESTABLISHED>FIN_WAIT_1 sent_fin",
             "6 client FIN_WAIT_1>CLOSING received_fin", "6 server FIN_WAIT_1>CLOSING received_fin",
             "6 server CLOSING>TIME_WAIT received_ack_of_fin",
             "7 client CLOSING>TIME_WAIT received_ack_of_fin"}));
}

TEST(States, CrossedSynsOpenSimultaneously) {
  Story story;
  story.client("S", 0);
  story.server("S", 0);
  story.client("S.", 0, 1);
  story.server("S.", 0, 1);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->states.client, TcpState::established);
  EXPECT_EQ(report.tcp->states.server, TcpState::established);
  EXPECT_EQ(report.directions[0].packets, 2U);
}

TEST(States, RefusedSynClosesBoth) {
  Story story;
  story.client("S", 0);
  story.server("R.", 0, 1);
  const ConnectionReport report = story.report();
  EXPECT_EQ(changes_of(report),
            (Lines{"1 client CLOSED>SYN_SENT sent_syn", "2 server UNKNOWN>CLOSED sent_reset",
                   "2 client SYN_SENT>CLOSED refused"}));
  EXPECT_EQ(report.tcp->teardown.kind, TeardownKind::reset);
  EXPECT_EQ(report.conn_state, "REJ");
  EXPECT_EQ(report.history, "Sr");
}

TEST(States, RefusedSynThatIsTakenAfterAllOpensTheConnection) {
  Story story;
  story.client("S", 0);
  story.server("R.", 0, 1);
  story.handshake();
  story.client("P.", 1, 1, 10);
  story.client("F.", 11, 1);
  story.server("F.", 1, 12);
  story.client(".", 12, 2);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].tcp->teardown.kind, TeardownKind::fin);
  EXPECT_EQ(reports[0].tcp->teardown.by, TeardownBy::client);
  EXPECT_EQ(reports[0].tcp->states.client, TcpState::time_wait);
  EXPECT_EQ(reports[0].tcp->states.server, TcpState::closed);
}

// RFC 9293 figure 9: the server still holds an old connection, of which this capture saw nothing.
TEST(States, HalfOpenRecoveryOpensTheConnection) {
  Story story;
  story.client("S", 0);
  story.server_isn = 90'000;
  story.server(".", 300, 100);
  story.client("R", 100);
  story.server_isn = 5'000;
  story.handshake();
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].tcp->states.client, TcpState::established);
  EXPECT_EQ(reports[0].tcp->states.server, TcpState::established);
  EXPECT_EQ(reports[0].tcp->teardown.kind, TeardownKind::none);
}

TEST(States, ResetThatDoesNotAcknowledgeTheSynChangesNothing) {
  Story story;
  story.client("S", 0);
  story.server("R.", 0, 77);
  story.server("S.", 0, 1);
  story.client(".", 1, 1);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->states.client, TcpState::established);
  EXPECT_EQ(report.tcp->states.server, TcpState::established);
  EXPECT_EQ(report.tcp->teardown.kind, TeardownKind::none);
}

TEST(States, BlindResetInsideTheWindowChangesNothing) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  story.server("R", 501);
  story.client(".", 101, 1, 100);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->states.client, TcpState::established);
  EXPECT_EQ(report.tcp->teardown.kind, TeardownKind::none);
}

TEST(States, ExactResetEndsBoth) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  story.server("R.", 1, 101);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->states.client, TcpState::closed);
  EXPECT_EQ(report.tcp->states.server, TcpState::closed);
  EXPECT_EQ(report.tcp->teardown.kind, TeardownKind::reset);
  EXPECT_EQ(report.tcp->teardown.by, TeardownBy::server);
  EXPECT_EQ(report.conn_state, "RSTR");
}

/// The client gave up on what the server still sent, before the server's FIN came.
TEST(States, FinUnderWayWhenAResetPassedIsNoPartOfTheReset) {
  Story story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server(".", 1, 1, 100);
  story.client("R", 1);
  story.server("F.", 101, 1);
  story.client("R", 1);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->teardown.kind, TeardownKind::reset);
  EXPECT_EQ(report.tcp->teardown.by, TeardownBy::client);
  EXPECT_EQ(report.tcp->teardown.frame, 6U);
}

TEST(States, DataAgainstAnAcknowledgedFinIsAHalfClose) {
  Story story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server(".", 1, 2);
  story.server("P.", 1, 2, 500);
  story.client(".", 2, 501);
  story.server("F.", 501, 2);
  story.client(".", 2, 502);
  const ConnectionReport report = story.report();
  EXPECT_TRUE(report.tcp->teardown.half_closed);
  EXPECT_EQ(report.tcp->states.client, TcpState::time_wait);
}

TEST(States, MidstreamTrafficIsAnOpenConnectionOfTheEndsSeen) {
  Story story;
  story.client("P.", 1, 1, 10);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->states.client, TcpState::established);
  EXPECT_EQ(report.tcp->states.server, TcpState::unknown);
  EXPECT_EQ(report.client_known_by, ClientKnownBy::port);
}

TEST(States, HandshakeWithoutItsSynAckIsStillOpened) {
  Story story;
  story.client("S", 0);
  story.client(".", 1, 1);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.tcp->states.client, TcpState::established);
  EXPECT_FALSE(report.tcp->handshake.complete);
}

TEST(States, ChangesKeptAreBounded) {
  Story story;
  for (int i = 0; i < 200; ++i) {
    story.client("S", 0);
    story.server("R.", 0, 1);
  }
  const StatesReport states = story.report().tcp->states;
  EXPECT_EQ(states.changes.size(), StateLog::bound);
  EXPECT_GT(states.changes_dropped, 0U);
}

}  // namespace
}  // namespace tapdeck
