// Whether the receiver would accept a segment: a rule of RFC 9293 §3.10.7, RFC 5961 or RFC 7323
// each, and as close to it what an observer must not claim.
#include <gtest/gtest.h>

#include "tests/support/traced_story.h"

namespace tapdeck {
namespace {

using test::TracedStory;

TEST(Acceptance, ExactResetIsAccepted) {
  TracedStory story;
  story.handshake();
  story.server("R", 1);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
  EXPECT_EQ(story.client_state(), TcpState::closed);
}

TEST(Acceptance, ResetInsideTheWindowIsAnsweredWithAChallenge) {
  TracedStory story;
  story.handshake();
  story.server("R", 501);
  EXPECT_EQ(story.last().acceptance, Acceptance::unacceptable_rst);
  story.client(".", 1, 1);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
  EXPECT_EQ(story.client_state(), TcpState::established);
  EXPECT_EQ(story.server_state(), TcpState::established);
}

TEST(Acceptance, ResetOutsideTheWindowIsDroppedSilently) {
  TracedStory story;
  story.handshake();
  story.server("R", 700'001);
  EXPECT_EQ(story.last().acceptance, Acceptance::unacceptable_rst);
  story.client(".", 1, 1);
  EXPECT_NE(story.last().ack, AckVerdict::challenge_ack);
}

TEST(Acceptance, ResetAtAnyOctetInFlightMayBeExact) {
  TracedStory story;
  story.handshake();
  story.server("P.", 1, 1, 100);
  story.server("P.", 101, 1, 100);
  story.server("R", 101);  // the receiver may have the first segment alone
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST(Acceptance, WhatLiesABitBehindTheLargestWindowIsInItAllTheSame) {
  TracedStory story;
  story.window = 65'535;
  story.options.has_window_scale = true;
  story.options.window_scale = 14;
  story.handshake();
  story.options = {};
  constexpr std::uint32_t sent = 100'000;
  story.client(".", 1, 1, sent);
  story.server(".", 1, 1 + sent);
  story.client(".", 1, 1, 1'000);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST(Acceptance, ResetOfASynAcknowledgesIt) {
  TracedStory story;
  story.client("S", 0);
  story.server("R.", 0, 77);
  EXPECT_EQ(story.last().acceptance, Acceptance::unacceptable_rst);
  story.server("R", 0);
  EXPECT_EQ(story.last().acceptance, Acceptance::unacceptable_rst);
  EXPECT_EQ(story.client_state(), TcpState::syn_sent);
  story.server("R.", 0, 1);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
  EXPECT_EQ(story.client_state(), TcpState::closed);
}

TEST(Acceptance, SynAckOfAnotherSynIsRefused) {
  TracedStory story;
  story.client("S", 0);
  story.server("S.", 0, 900);
  EXPECT_EQ(story.last().acceptance, Acceptance::unacceptable_ack);
  story.server("S.", 70, 1);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
  story.client(".", 1, 71);
  EXPECT_EQ(story.client_state(), TcpState::established);
  EXPECT_EQ(story.server_state(), TcpState::established);
}

TEST(Acceptance, DataFarBeyondTheWindowIsRefused) {
  TracedStory story;
  story.handshake();
  story.client("P.", 4'001, 1, 100);
  EXPECT_EQ(story.last().acceptance, Acceptance::out_of_window);
  story.server(".", 1, 1);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
}

TEST(Acceptance, DataOneSegmentPastTheWindowMayFollowAnUnseenUpdate) {
  TracedStory story;
  story.handshake();
  story.client("P.", 1, 1, 1'000);
  story.client("P.", 1'001, 1, 500);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST(Acceptance, UnknownScaleBoundsNothing) {
  TracedStory story;
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  story.client("P.", 500'001, 1, 100);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST(Acceptance, ScaledWindowReachesFar) {
  TracedStory story;
  story.options.has_window_scale = true;
  story.options.window_scale = 10;
  story.handshake();
  story.options = {};
  story.server(".", 1, 1);
  story.client("P.", 500'001, 1, 100);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
  story.client("P.", 3'000'001, 1, 100);
  EXPECT_EQ(story.last().acceptance, Acceptance::out_of_window);
}

TEST(Acceptance, FinOutsideTheWindowMovesNobody) {
  TracedStory story;
  story.handshake();
  story.client("F.", 9'001, 1);
  EXPECT_EQ(story.last().acceptance, Acceptance::out_of_window);
  EXPECT_EQ(story.client_state(), TcpState::established);
  story.client("P.", 1, 1, 100);
  EXPECT_EQ(story.last().placement, Placement::in_order);
  story.client("F.", 101, 1);
  EXPECT_EQ(story.client_state(), TcpState::fin_wait_1);
}

TEST(Acceptance, OldOctetsAreAnOrdinaryRepeat) {
  TracedStory story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  story.client("P.", 1, 1, 100);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST(Acceptance, OctetsOlderThanAnyWindowAreNot) {
  TracedStory story;
  story.window = 60'000;
  story.handshake();
  for (std::uint32_t at = 1; at < 200'000; at += 20'000) {
    story.client("P.", at, 1, 20'000);
    story.server(".", 1, at + 20'000);
  }
  story.client("P.", 1, 1, 100);
  EXPECT_EQ(story.last().acceptance, Acceptance::out_of_window);
}

TEST(Acceptance, AckFarBeyondWhatCouldBeSentIsRefused) {
  TracedStory story;
  story.handshake();
  story.server(".", 1, 90'001);
  EXPECT_EQ(story.last().acceptance, Acceptance::unacceptable_ack);
  story.client(".", 1, 1);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
}

TEST(Acceptance, AckOfOctetsThisCaptureMissedIsNot) {
  TracedStory story;
  story.handshake();
  story.server(".", 1, 501);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
  story.client("P.", 501, 1, 10);
  EXPECT_EQ(story.last().ack, AckVerdict::none);
}

TEST(Acceptance, AnswerToAnAckOfOctetsNeverSentIsAChallenge) {
  TracedStory story;
  story.handshake();
  story.server(".", 1, 501);
  story.client(".", 1, 1);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
}

TEST(Acceptance, AckInSynReceivedMustBeOfTheSyn) {
  TracedStory story;
  story.client("S", 0);
  story.server("S.", 0, 1);
  story.client(".", 1, 0);
  EXPECT_EQ(story.last().acceptance, Acceptance::unacceptable_ack);
  EXPECT_EQ(story.server_state(), TcpState::syn_received);
  story.client(".", 1, 1);
  EXPECT_EQ(story.server_state(), TcpState::established);
}

class Paws : public testing::Test {
 protected:
  void client(std::string_view flags, std::uint32_t seq, std::uint32_t payload,
              std::uint32_t value) {
    story.options.timestamp_value = value;
    story.options.timestamp_echo_reply = 7'000;
    story.client(flags, seq, 1, payload);
  }
  void server_echoes(std::uint32_t ack, std::uint32_t echo) {
    story.options.timestamp_value = 7'000;
    story.options.timestamp_echo_reply = echo;
    story.server(".", 1, ack);
  }
  void SetUp() override {
    story.options.has_timestamps = true;
    story.handshake();
    client("P.", 1, 100, 2'000);
    server_echoes(101, 2'000);
  }

  TracedStory story;
};

TEST_F(Paws, OlderClockThanTheEchoedIsAnOldDuplicate) {
  client("P.", 101, 50, 1'500);
  EXPECT_EQ(story.last().acceptance, Acceptance::old_duplicate);
  server_echoes(101, 2'000);
  EXPECT_EQ(story.last().ack, AckVerdict::challenge_ack);
}

TEST_F(Paws, OneTickIsLetPass) {
  client("P.", 101, 50, 1'999);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST_F(Paws, ResetsAndEmptySegmentsAreNotRefused) {
  client(".", 101, 0, 1'500);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
  client("R.", 101, 0, 1'500);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST_F(Paws, EchoOfWhatWasNeverSentSaysNothing) {
  server_echoes(101, 900'000);
  client("P.", 101, 50, 2'500);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST_F(Paws, TwentyFourDaysOfSilenceForgetTheClock) {
  story.wait(25 * 86'400 * test::seconds);
  client("P.", 101, 50, 1'500);
  EXPECT_EQ(story.last().acceptance, Acceptance::acceptable);
}

TEST_F(Paws, FinWithAnOldClockMovesNobody) {
  client("F.", 101, 0, 1'500);
  EXPECT_EQ(story.last().acceptance, Acceptance::old_duplicate);
  EXPECT_EQ(story.client_state(), TcpState::established);
}

}  // namespace
}  // namespace tapdeck
