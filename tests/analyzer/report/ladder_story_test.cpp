#include <gtest/gtest.h>

#include "analyzer/report/ladder_words.h"
#include "tests/support/ladder_segments.h"

namespace tapdeck {
namespace {

using test::LadderStory;

/// A ladder that only counts.
Ladder tallied(std::initializer_list<WordCount> of_client,
               std::initializer_list<WordCount> of_server = {}) {
  Ladder ladder;
  ladder.tallies[0].data_segments = 2;
  ladder.tallies[1].data_segments = 3;
  for (const auto& [word, count, frame] : of_client)
    ladder.tallies[0].words.add(word, frame, count);
  for (const auto& [word, count, frame] : of_server)
    ladder.tallies[1].words.add(word, frame, count);
  return ladder;
}

TEST(LadderStory, BeginsWithTheHandshakeAndEndsWithTheEnd) {
  ConnectionReport connection = LadderStory::report();
  connection.directions[1].tcp->repeated_bytes = 0;
  const Story story = tell_at_length(connection, tallied({}));
  EXPECT_EQ(
      story.text,
      "192.0.2.1 connected to port 80 (http?) of 192.0.2.2 (frames 1, 2 and 3) in 20.13 ms: "
      "20.00 ms from here to the server and back, 135.0 us to the client; without SACK, "
      "timestamps or window scaling. The client sent 100 B in 2 segments, the server sent 2.70 "
      "kB in 3 segments. Closed, the client first (frame 8).");
  EXPECT_EQ(story.ink, Ink::plain);
}

TEST(LadderStory, SaysWhichOptionsWereAgreedOn) {
  ConnectionReport connection = LadderStory::report();
  const auto agreement = [&](bool sack, bool timestamps, bool window_scale) {
    connection.tcp->handshake.agreed = {
        .window_scale = window_scale, .sack = sack, .timestamps = timestamps};
    const std::string text = tell_at_length(connection, tallied({})).text;
    const std::size_t begin = text.find("; ") + 2;
    return text.substr(begin, text.find(". The client") - begin);
  };
  EXPECT_EQ(agreement(true, true, true), "with SACK, timestamps and window scaling");
  EXPECT_EQ(agreement(true, false, false), "with SACK, without timestamps or window scaling");
  EXPECT_EQ(agreement(true, false, true), "with SACK and window scaling, without timestamps");
}

TEST(LadderStory, TellsWhatWasSentAgainAndWhy) {
  const Story story = tell_at_length(LadderStory::report(), tallied({}, {{"retransmission", 3, 7},
                                                                         {"fast", 1, 7},
                                                                         {"sack_recovery", 2, 9},
                                                                         {"spurious", 1, 9},
                                                                         {"lost_upstream", 2, 7}}));
  EXPECT_NE(story.text.find("The server sent 3 segments again (first in frame 7): 1 by fast "
                            "retransmit, 2 in SACK recovery; 1 needlessly; 2 lost before this "
                            "point."),
            std::string::npos)
      << story.text;
  EXPECT_EQ(story.text.find("more than once"), std::string::npos);
  EXPECT_EQ(story.ink, Ink::warning);
}

TEST(LadderStory, TellsOfOneAndOfMany) {
  const Story story = tell_at_length(LadderStory::report(),
                                     tallied({{"zero_window", 1, 5}, {"keep_alive", 4, 6}},
                                             {{"out_of_order", 1, 8}, {"duplicate", 2'000, 9}}));
  for (const char* sentence :
       {"The client closed its window (frame 5).",
        "The client asked 4 times whether the other side was still there (first in frame 6).",
        "1 segment of the server was overtaken on its way (frame 8).",
        "2,000 segments of the server came past twice (first in frame 9)."}) {
    EXPECT_NE(story.text.find(sentence), std::string::npos) << story.text;
  }
}

TEST(LadderStory, AgreesWithOneByteThatIsMissing) {
  ConnectionReport connection = LadderStory::report();
  connection.directions[1].tcp->counters.not_captured_octets = 1;
  EXPECT_NE(tell_at_length(connection, tallied({}))
                .text.find("1 B of the server is missing here that was delivered."),
            std::string::npos);
  connection.directions[1].tcp->counters.not_captured_octets = 2;
  EXPECT_NE(tell_at_length(connection, tallied({}))
                .text.find("2 B of the server are missing here that were delivered."),
            std::string::npos);
}

TEST(LadderStory, SaysFirstThatTheBeginningIsMissing) {
  ConnectionReport connection = LadderStory::report();
  connection.tcp->handshake = {};
  connection.client_known_by = ClientKnownBy::port;
  const Story story = tell_at_length(connection, tallied({}));
  EXPECT_EQ(story.text.find("Beginning not captured; client inferred from the ports. The client "
                            "sent 100 B"),
            0U)
      << story.text;
}

TEST(LadderStory, OfAnUnansweredSyn) {
  ConnectionReport connection = LadderStory::report();
  connection.tcp->handshake = {};
  connection.tcp->handshake.syn_frame = 1;
  connection.tcp->teardown = {};
  connection.tcp->states.client = TcpState::syn_sent;
  connection.directions[0].tcp = connection.directions[1].tcp = TcpDirectionReport{};
  connection.directions[1].packets = 0;
  EXPECT_EQ(
      tell_at_length(connection, tallied({{"retransmission", 1, 2}, {"timeout", 1, 2}})).text,
      "192.0.2.1 asked for port 80 (http?) of 192.0.2.2 (frame 1). No data was exchanged. The "
      "client sent 1 segment again (frame 2): 1 by timeout. SYN never answered.");
}

}  // namespace
}  // namespace tapdeck
