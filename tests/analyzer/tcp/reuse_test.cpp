// When a segment on known sockets begins a new connection, and when it doesn't.
#include <gtest/gtest.h>

#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::seconds;
using test::Story;

void close_by_client(Story& story) {
  story.client("F.", 1, 1);
  story.server("F.", 1, 2);
  story.client(".", 2, 2);
}

TEST(Reuse, RepeatedSynIsTheSameConnection) {
  Story story;
  story.client("S", 0);
  story.wait(seconds);
  story.client("S", 0);
  story.server("S.", 0, 1);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].directions[0].packets, 2U);
  EXPECT_FALSE(reports[0].tcp->handshake.server_rtt_ns) << "which SYN was answered is not known";
}

TEST(Reuse, RefusedSynSentAgainIsTheSameAttempt) {
  Story story;
  for (int i = 0; i < 3; ++i) {
    story.client("S", 0);
    story.server("R.", 0, 1);
  }
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].directions[1].packets, 3U);
}

TEST(Reuse, TimeWaitTakesAHigherInitialSequenceNumber) {
  Story story;
  story.handshake();
  close_by_client(story);
  story.client_isn += 100'000;
  story.server_isn += 777;
  story.handshake();
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].id, 7U);
  EXPECT_TRUE(reports[1].tcp->handshake.complete);
  EXPECT_EQ(reports[0].tcp->states.client, TcpState::closed) << "superseded";
}

TEST(Reuse, SameInitialSequenceNumberAfterTheEndIsANewConnection) {
  Story story;
  story.handshake();
  close_by_client(story);
  story.handshake();
  EXPECT_EQ(story.reports().size(), 2U);
}

TEST(Reuse, AnswersToASynOnAnOpenConnectionGoWhereTheyBelong) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  const std::uint32_t old_isn = story.client_isn;
  story.client_isn += 500'000;  // the client crashed and starts again on the same port
  story.client("S", 0);         // frame 6
  story.client_isn = old_isn;
  story.server(".", 1, 101);  // challenge ACK (RFC 5961 section 4): the old connection's
  story.client("R", 101);     // the client never heard of it
  story.client_isn += 500'000;
  story.server_isn += 9'000;
  story.client("S", 0);
  story.server("S.", 0, 1);
  story.client(".", 1, 1);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].directions[0].packets, 4U);  // SYN, ACK, data, reset
  EXPECT_EQ(reports[0].directions[1].packets, 3U);
  EXPECT_EQ(reports[0].tcp->states.server, TcpState::closed);
  EXPECT_EQ(reports[1].id, 6U);
  EXPECT_EQ(reports[1].directions[0].packets, 3U);
  EXPECT_TRUE(reports[1].tcp->handshake.complete);
}

TEST(Reuse, ForgedSynLeavesTheConnectionItsTraffic) {
  Story story;
  story.handshake();
  const std::uint32_t real_isn = story.client_isn;
  story.client_isn += 123'456'789;
  story.client("S", 0);
  story.client_isn = real_isn;
  story.server(".", 1, 1);
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].directions[0].payload_bytes, 100U);
  EXPECT_EQ(reports[0].directions[1].packets, 3U);
  EXPECT_EQ(reports[0].tcp->states.client, TcpState::established);
  EXPECT_EQ(reports[1].directions[0].packets, 1U);
  EXPECT_EQ(reports[1].conn_state, "S0");
}

TEST(Reuse, SynAckCapturedBeforeItsSyn) {
  Story story;
  story.server("S.", 0, 1);
  story.client("S", 0);
  story.client(".", 1, 1);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].client_known_by, ClientKnownBy::syn);
  EXPECT_EQ(reports[0].client.port, 50'000);
  EXPECT_TRUE(reports[0].history.starts_with('^'));
}

TEST(Reuse, SynCapturedBehindItsOwnData) {
  Story story;
  story.client("P.", 1, 1, 100);
  story.client("S", 0);
  EXPECT_EQ(story.reports().size(), 1U);
}

TEST(Reuse, RolesMaySwapOnTheSameSockets) {
  Story story;
  story.handshake();
  close_by_client(story);
  story.server_isn = 70'000;
  story.server("S", 0);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].client.port, 80);
}

TEST(Reuse, SegmentLongAfterTheEndBelongsToAConnectionNotCaptured) {
  Story story;
  story.handshake();
  close_by_client(story);
  story.server("F.", 1, 2);  // a repeat, in time
  story.wait(241 * seconds);
  story.client("P.", 90'000, 90'000, 10);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].directions[1].packets, 3U);
}

TEST(Reuse, LongSilenceEndsNoOpenConnection) {
  Story story;
  story.handshake();
  story.wait(86'400 * seconds);
  story.advance();
  story.client("P.", 1, 1, 10);
  EXPECT_EQ(story.reports().size(), 1U);
}

}  // namespace
}  // namespace tapdeck
