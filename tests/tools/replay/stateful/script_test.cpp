#include <gtest/gtest.h>

#include "tests/tools/replay/stateful/scripted.h"

namespace tapdeck::test {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

const std::string handshake =
    "0      > S  0:0(0)\n"
    "+.020  < S. 0:0(0) ack 1\n"
    "+.001  > .         ack 1\n";

const std::string question_and_answer = handshake +
                                        "+.010 > P. 1:4(3)   ack 1 payload \"ask\"\n"
                                        "+.020 < .           ack 4\n"
                                        "+.500 < P. 1:7(6)   ack 4 payload \"answer\"\n"
                                        "+.001 > .           ack 7\n";

const std::string both_close =
    "+.100 > F. 4:4(0)   ack 7\n"
    "+.020 < F. 7:7(0)   ack 5\n"
    "+.001 > .           ack 8\n";

TEST(Script, HoldsWhatEachSideSentAndWhatItHadHeardBefore) {
  for (const Variant variant : all_variants) {
    SCOPED_TRACE(to_string(variant));
    const Script script = script_told(question_and_answer + both_close, {}, variant);
    EXPECT_FALSE(script.shortfall);
    const SideScript& client = script.of(Side::client);
    const SideScript& server = script.of(Side::server);
    EXPECT_EQ(text_of(client), "ask");
    EXPECT_EQ(text_of(server), "answer");
    EXPECT_TRUE(client.finishes && server.finishes);
    ASSERT_EQ(client.steps.size(), 2U);
    EXPECT_EQ(client.steps[0].action, StepAction::send);
    EXPECT_EQ(client.steps[0].octets, 3U);
    EXPECT_EQ(client.steps[0].needs, 0U);
    EXPECT_EQ(client.steps[0].think_ns, 11 * millisecond);
    EXPECT_EQ(client.steps[1].action, StepAction::finish);
    EXPECT_EQ(client.steps[1].needs, 6U);
    EXPECT_FALSE(client.steps[1].needs_end);
    EXPECT_EQ(client.steps[1].pause_ns, 520 * millisecond);
    EXPECT_EQ(client.steps[1].think_ns, 101 * millisecond);
    ASSERT_EQ(server.steps.size(), 2U);
    EXPECT_EQ(server.steps[0].needs, 3U);
    EXPECT_FALSE(server.steps[0].needs_end);
    EXPECT_TRUE(server.steps[1].needs_end);
  }
}

TEST(Script, NamesTheEnds) {
  const Script script = script_told(question_and_answer);
  EXPECT_EQ(script.id, 1U);
  EXPECT_EQ(to_string(script.ends[index_of(Side::client)].address), "192.0.2.1");
  EXPECT_EQ(script.ends[index_of(Side::server)].port, 80);
  EXPECT_FALSE(script.of(Side::client).finishes);
}

TEST(Script, LeavesOutRepeatsAndTakesTheFirstOfWhatOverlaps) {
  const Script script = script_told(handshake +
                                    "+.010 > P. 1:5(4)  ack 1 payload \"abcd\"\n"
                                    "+.300 > P. 1:5(4)  ack 1 payload \"abcd\"\n"
                                    "+.300 > P. 3:9(6)  ack 1 payload \"XXefgh\"\n"
                                    "+.020 < .          ack 9\n");
  EXPECT_FALSE(script.shortfall);
  EXPECT_EQ(text_of(script.of(Side::client)), "abcdefgh");
}

TEST(Script, PutsInOrderWhatCameOutOfOrder) {
  for (const Variant variant : all_variants) {
    SCOPED_TRACE(to_string(variant));
    const Script script = script_told(handshake +
                                          "+.010 > F. 7:10(3) ack 1 payload \"ghi\"\n"
                                          "+.001 > P. 4:7(3)  ack 1 payload \"def\"\n"
                                          "+.001 > P. 1:4(3)  ack 1 payload \"abc\"\n"
                                          "+.020 < .          ack 11\n",
                                      {}, variant);
    EXPECT_FALSE(script.shortfall);
    EXPECT_EQ(text_of(script.of(Side::client)), "abcdefghi");
    EXPECT_TRUE(script.of(Side::client).finishes);
    EXPECT_EQ(script.of(Side::client).steps.size(), 2U);
  }
}

TEST(Script, TakesWhatALateSegmentHadHeardFromItsOwnAck) {
  const Script script = script_told(handshake +
                                    "+.010 > P. 1:4(3)  ack 1\n"
                                    "+.010 > P. 4:8(4)  ack 1\n"
                                    "+.010 < P. 7:13(6) ack 8\n"
                                    "+.300 < P. 1:7(6)  ack 4\n");
  const std::vector<ScriptStep>& steps = script.of(Side::server).steps;
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].needs, 3U);
  EXPECT_EQ(steps[1].needs, 7U);
}

TEST(Script, StopsAtAGap) {
  const Script script = script_told(handshake +
                                    "+.010 > P. 1:4(3)   ack 1\n"
                                    "+.001 > P. 10:14(4) ack 1\n");
  EXPECT_EQ(
      script.shortfall,
      (Shortfall{.kind = ShortfallKind::gap, .side = Side::client, .offset = 3, .octets = 6}));
}

TEST(Script, MissesWhatOnlyAcksTellOf) {
  const Script script = script_told(handshake + "+.010 > . ack 101\n");
  EXPECT_EQ(
      script.shortfall,
      (Shortfall{.kind = ShortfallKind::gap, .side = Side::server, .offset = 0, .octets = 100}));
}

TEST(Script, MissesWhatTheCaptureCutOff) {
  const Script script = script_told(handshake + "+.010 > P. 1:101(100) ack 1 snap 64\n");
  ASSERT_TRUE(script.shortfall);
  EXPECT_EQ(script.shortfall->kind, ShortfallKind::cut);
  EXPECT_EQ(script.shortfall->offset, 10U);
  EXPECT_EQ(script.shortfall->octets, 90U);
}

TEST(Script, BeginsInTheMiddleOnlyIfAsked) {
  const std::string story =
      "0     > P. 501:504(3) ack 901 payload \"ask\"\n"
      "+.020 < P. 901:907(6) ack 504 payload \"answer\"\n";
  const Script refused = script_told(story);
  ASSERT_TRUE(refused.shortfall);
  EXPECT_EQ(refused.shortfall->kind, ShortfallKind::beginning);
  const Script script = script_told(story, {.midstream = true, .only = {}});
  EXPECT_FALSE(script.shortfall);
  EXPECT_EQ(text_of(script.of(Side::client)), "ask");
  EXPECT_EQ(text_of(script.of(Side::server)), "answer");
}

TEST(Script, KnowsTheBeginningFromTheAnswerToALostSyn) {
  const Script script = script_told(
      "0     < S. 0:0(0) ack 1\n"
      "+.001 > .         ack 1\n"
      "+.010 > P. 1:4(3) ack 1 payload \"ask\"\n");
  EXPECT_FALSE(script.shortfall);
  EXPECT_EQ(text_of(script.of(Side::client)), "ask");
}

TEST(Script, PlaysAHalfCloseOnlyBehindIt) {
  const Script script = script_told(handshake +
                                    "+.010 > F. 1:4(3)    ack 1\n"
                                    "+.020 < P. 1:101(100) ack 5\n"
                                    "+.020 < F. 101:101(0) ack 5\n"
                                    "+.001 > .            ack 102\n");
  const SideScript& server = script.of(Side::server);
  ASSERT_EQ(server.steps.size(), 2U);
  EXPECT_EQ(server.steps[0].needs, 3U);
  EXPECT_TRUE(server.steps[0].needs_end);
}

TEST(Script, EndsWithAResetThatItsReceiverTakes) {
  const std::string forged = "+.010 < R. 99999:99999(0) ack 4\n";
  const std::string real = "+.010 < R. 7:7(0) ack 4\n";
  const std::string late = "+.001 > P. 4:7(3) ack 7\n";
  const Script open = script_told(question_and_answer + forged);
  EXPECT_FALSE(open.of(Side::server).resets);
  const Script reset = script_told(question_and_answer + real + late);
  EXPECT_TRUE(reset.of(Side::server).resets);
  EXPECT_EQ(reset.of(Side::server).steps.back().action, StepAction::reset);
  EXPECT_EQ(reset.of(Side::client).length, 3U);
}

TEST(Script, LetsTheServerSpeakFirst) {
  const Script script = script_told(handshake +
                                    "+.010 < P. 1:6(5) ack 1 payload \"hello\"\n"
                                    "+.020 > P. 1:3(2) ack 6 payload \"hi\"\n"
                                    "+.020 < P. 6:9(3) ack 3 payload \"bye\"\n");
  EXPECT_EQ(script.of(Side::client).steps.at(0).needs, 5U);
  EXPECT_TRUE(script.of(Side::client).steps[0].begins_turn);
  EXPECT_EQ(script.of(Side::server).steps.at(0).needs, 0U);
  EXPECT_EQ(script.of(Side::server).steps.at(1).needs, 2U);
}

TEST(Script, TakesNoTurnWherePeersSpeakAtOnce) {
  const Script script = script_told(handshake +
                                    "+.010 > P. 1:101(100)   ack 1\n"
                                    "+.001 < P. 1:101(100)   ack 1\n"
                                    "+.020 > P. 101:201(100) ack 101\n"
                                    "+.001 < P. 101:201(100) ack 101\n"
                                    "+.020 > P. 201:301(100) ack 201\n");
  for (const ScriptStep& step : script.of(Side::client).steps) EXPECT_FALSE(step.begins_turn);
}

TEST(Script, JoinsWhatWasWrittenAtOnce) {
  const Script script = script_told(handshake +
                                    "+.010  > .  1:1001(1000)    ack 1\n"
                                    "+.0001 > .  1001:2001(1000) ack 1\n"
                                    "+.030  > P. 2001:2501(500)  ack 1\n"
                                    "+.0001 > P. 2501:2601(100)  ack 1\n"
                                    "+.030  > P. 2601:2701(100)  ack 1\n");
  const std::vector<ScriptStep>& steps = script.of(Side::client).steps;
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].octets, 2600U);
  EXPECT_EQ(steps[1].think_ns, 30 * millisecond);
}

TEST(Script, TellsConnectionsOnTheSamePortsApart) {
  const std::string again =
      "+1    > S  0:0(0) conn again\n"
      "+.020 < S. 0:0(0) ack 1 conn again\n"
      "+.001 > . ack 1 conn again\n"
      "+.010 > P. 1:6(5) ack 1 payload \"again\" conn again\n";
  const std::vector<Script> scripts = scripts_told("conn again isn 4000000000 3000000000\n" +
                                                   question_and_answer + both_close + again)
                                          .take();
  ASSERT_EQ(scripts.size(), 2U);
  EXPECT_EQ(text_of(scripts[0].of(Side::client)), "ask");
  EXPECT_EQ(text_of(scripts[1].of(Side::client)), "again");
}

TEST(Script, CountsConnectionsThatNeverOpened) {
  ScriptBuilder refused = scripts_told(
      "0     > S  0:0(0)\n"
      "+.020 < R. 0:0(0) ack 1\n");
  EXPECT_TRUE(refused.take().empty());
  EXPECT_EQ(refused.never_opened(), 1U);
}

TEST(Script, PicksConnectionsById) {
  EXPECT_EQ(scripts_told(question_and_answer, {.only = {1, 7}}).take().size(), 1U);
  EXPECT_TRUE(scripts_told(question_and_answer, {.only = {2}}).take().empty());
  const ScriptBuilder builder = scripts_told(question_and_answer, {.only = {1, 7}});
  EXPECT_EQ(builder.connections(), 1U);
  EXPECT_EQ(builder.unmet(), std::vector<std::uint64_t>{7});
}

TEST(Script, IgnoresWhatWasDamagedOnTheWay) {
  const Script script = script_told(handshake +
                                    "+.010 > P. 1:4(3) ack 1 payload \"bad\" bad_checksum\n"
                                    "+.300 > P. 1:4(3) ack 1 payload \"ask\"\n");
  EXPECT_EQ(text_of(script.of(Side::client)), "ask");
}

TEST(Script, KeepsToItsMemory) {
  const std::string story = handshake +
                            "+.010 > P. 1:1001(1000)  ack 1\n"
                            "+.010 < P. 1:10001(10000) ack 1001\n"
                            "+.010 > .                ack 10001\n";
  const ScriptOptions as_client{.ours = Side::client, .only = {}, .memory = 8000};
  ScriptBuilder builder = scripts_told(story, as_client);
  const std::vector<Script> scripts = builder.take();
  EXPECT_FALSE(scripts.at(0).shortfall);
  EXPECT_EQ(scripts[0].of(Side::server).length, 10'000U);
  EXPECT_EQ(scripts[0].of(Side::server).octets.size(), 0U);
  EXPECT_EQ(builder.not_kept(), 10'000U);
  const Script as_server = script_told(story, {.ours = Side::server, .only = {}, .memory = 8000});
  ASSERT_TRUE(as_server.shortfall);
  EXPECT_EQ(as_server.shortfall->kind, ShortfallKind::memory);
  ScriptBuilder full = scripts_told(story, {.only = {}, .memory = 100});
  EXPECT_TRUE(full.take().empty());
  EXPECT_EQ(full.not_taken(), 1U);
}

}  // namespace
}  // namespace tapdeck::test
