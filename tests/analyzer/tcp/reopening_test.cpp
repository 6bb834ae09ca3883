// A SYN on the sockets of a connection that one end still holds: what is said of it, and what the
// answers do to both connections.
#include <gtest/gtest.h>

#include "tests/support/traced_story.h"

namespace tapdeck {
namespace {

using test::TracedStory;

constexpr std::uint16_t reused = ConnectionWord::syn | ConnectionWord::port_reuse;

class Reopening : public testing::Test {
 protected:
  /// The server closes first, and so waits in TIME-WAIT.
  void close_by_server() {
    story.handshake();
    story.server("F.", 1, 1);
    story.client("F.", 1, 2);
    story.server(".", 2, 2);
  }
  void stamp(std::uint32_t value) {
    story.options.has_timestamps = true;
    story.options.timestamp_value = value;
  }

  TracedStory story;
};

TEST_F(Reopening, HigherInitialSequenceNumberIsTakenInTimeWait) {
  close_by_server();
  story.client_isn += 100'000;
  story.client("S", 0);
  EXPECT_EQ(story.last().connection_words, reused);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST_F(Reopening, LowerOneIsRefused) {
  close_by_server();
  const std::uint32_t old_isn = story.client_isn;
  story.client_isn -= 500;
  story.client("S", 0);
  EXPECT_EQ(story.last().connection_words, reused);
  EXPECT_EQ(story.last().acceptance, Acceptance::out_of_window);
  story.client_isn = old_isn;
  story.server(".", 2, 2);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
  EXPECT_EQ(story.connection(), 1U);
  EXPECT_EQ(story.server_state(), TcpState::time_wait);
}

TEST_F(Reopening, SameOneIsRefusedByTimeWait) {
  close_by_server();
  story.client("S", 0);
  EXPECT_EQ(story.last().acceptance, Acceptance::out_of_window);
}

TEST_F(Reopening, SameOneIsTakenByWhoClosed) {
  story.handshake();
  story.client("F.", 1, 1);
  story.server("F.", 1, 2);
  story.client(".", 2, 2);
  story.client("S", 0);
  EXPECT_EQ(story.last().connection_words, reused);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST_F(Reopening, LowerOneWithALaterClockIsTaken) {
  stamp(1'000);
  close_by_server();
  stamp(1'001);
  story.client_isn -= 500;
  story.client("S", 0);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST_F(Reopening, EarlierClockIsAnOldDuplicate) {
  stamp(1'000);
  close_by_server();
  stamp(900);
  story.client_isn += 100'000;
  story.client("S", 0);
  EXPECT_EQ(story.last().acceptance, Acceptance::old_duplicate);
}

TEST_F(Reopening, SynOnAnOpenConnectionShowsItHalfOpen) {
  story.handshake();
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  const std::uint32_t old_isn = story.client_isn;
  story.client_isn += 500'000;
  story.client("S", 0);  // frame 6
  EXPECT_EQ(story.last().connection_words, ConnectionWord::syn | ConnectionWord::half_open);
  story.client_isn = old_isn;
  story.server(".", 1, 101);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
  story.client("R", 101);
  EXPECT_EQ(story.connection(), 1U);
  EXPECT_EQ(story.server_state(), TcpState::closed);
  story.client_isn += 500'000;
  story.client("S", 0);
  EXPECT_EQ(story.connection(), 6U);
}

TEST_F(Reopening, AnswerOfAnUnknownOlderConnectionShowsItHalfOpen) {
  story.client("S", 0);
  story.server(".", 300, 100);
  EXPECT_EQ(story.last().acceptance, Acceptance::unacceptable_ack);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
  EXPECT_EQ(story.last().connection_words, ConnectionWord::half_open);
  story.client("R", 100);
  EXPECT_EQ(story.client_state(), TcpState::syn_sent);
  story.handshake();
  EXPECT_EQ(story.client_state(), TcpState::established);
}

TEST_F(Reopening, RepeatedSynOnItsOwnConnectionIsChallenged) {
  story.handshake();
  story.server("P.", 1, 1, 100);
  story.client("S", 0);
  story.server(".", 101, 1);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
  EXPECT_EQ(story.connection(), 1U);
  EXPECT_EQ(story.server_state(), TcpState::established);
}

TEST_F(Reopening, RefusedAttemptIsNoReuse) {
  story.client("S", 0);
  story.client_isn += 9'000;
  story.client("S", 0);
  EXPECT_EQ(story.last().connection_words, ConnectionWord::syn);
}

}  // namespace
}  // namespace tapdeck
