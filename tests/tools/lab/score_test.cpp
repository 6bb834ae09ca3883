// Scoring lists of verdicts against the truth.
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tests/tools/lab/lab_story.h"
#include "tools/lab/scoring/class_score.h"
#include "tools/lab/scoring/missed_segments.h"
#include "tools/lab/scoring/state_score.h"
#include "tools/lab/scoring/trigger_score.h"

namespace tapdeck::test {
namespace {

class ScoreTest : public testing::Test {
 protected:
  ~ScoreTest() override { std::filesystem::remove(x_path); }

  VerdictList list(const std::string& text) {
    std::ofstream(x_path) << text;
    return VerdictList::read(x_path);
  }

 private:
  std::string x_path = std::filesystem::temp_directory_path() /
                       ("tapdeck_score_test_" + std::to_string(getpid()) + ".tsv");
};

const std::vector<ClassifiedFrame> truth{
    {.frame = 1},
    {.frame = 2, .frame_class = FrameClass::retransmission, .lost = "upstream"},
    {.frame = 3, .frame_class = FrameClass::out_of_order},
    {.frame = 4, .frame_class = FrameClass::duplicate},
    {.frame = 5, .frame_class = FrameClass::retransmission, .spurious = true},
};

const Agreement& agreement(const ClassScore& score, Question question) {
  return score.agreements[static_cast<std::size_t>(question)];
}

TEST_F(ScoreTest, AllRight) {
  const VerdictList said = list(
      "1\tin_order\n2\tretransmission,fast,lost_upstream\n3\tout_of_order\n4\tduplicate\n"
      "5\tretransmission,timeout,spurious\n");
  const ClassScore score = score_classes(truth, &said);
  EXPECT_EQ(score.causes, 4U);
  EXPECT_EQ(score.causes_right, 4U);
  EXPECT_EQ(score.losses_right, 1U);
  EXPECT_TRUE(score.wrong.empty());
  for (const Question question : questions) EXPECT_EQ(agreement(score, question).f1(), 1.0);
}

TEST_F(ScoreTest, EachMistakeCountsWhereItBelongs) {
  const VerdictList said =
      list("1\tretransmission\n2\tout_of_order\n3\tout_of_order\n4\t\n5\tretransmission\n");
  const ClassScore score = score_classes(truth, &said);
  EXPECT_EQ(score.causes_right, 2U);
  EXPECT_EQ(score.losses, 1U);
  EXPECT_EQ(score.losses_right, 0U);
  EXPECT_EQ(agreement(score, Question::retransmission), (Agreement{1, 1, 1}));
  EXPECT_EQ(agreement(score, Question::out_of_order), (Agreement{1, 1, 0}));
  EXPECT_EQ(agreement(score, Question::duplicate), (Agreement{0, 0, 1}));
  EXPECT_EQ(agreement(score, Question::spurious), (Agreement{0, 0, 1}));
  EXPECT_EQ(score.wrong.size(), 4U);
}

TEST_F(ScoreTest, AProgramThatFailedIsRightAboutNothing) {
  const ClassScore score = score_classes(truth, nullptr);
  EXPECT_EQ(score.causes, 4U);
  EXPECT_EQ(score.causes_right, 0U);
  EXPECT_EQ(score.wrong.size(), truth.size());
  EXPECT_EQ(agreement(score, Question::retransmission).f1(), 0.0);
}

TEST_F(ScoreTest, ASynThatWasLostBeforeIsCountedAsHidden) {
  const VerdictList said = list("1\tin_order,syn\n");
  const ClassScore score = score_classes({{.frame = 1,
                                           .range = {0, 1},
                                           .frame_class = FrameClass::retransmission,
                                           .lost = "upstream"}},
                                         &said);
  EXPECT_EQ(score.causes, 1U);
  EXPECT_EQ(score.hidden, 1U);
  EXPECT_EQ(score.hidden_right, 0U);
}

TEST_F(ScoreTest, WhatIsNoListIsRefused) {
  EXPECT_THROW(list("Segmentation fault\n"), Failure);
  EXPECT_THROW(list("1\tin_order\tmore\n"), Failure);
  EXPECT_THROW(VerdictList::read("/nowhere/list.tsv"), Failure);
  EXPECT_FALSE(list("1\tin_order\n").mentions(2));
}

TEST_F(ScoreTest, ACopyThatIsAlsoCalledARepeatIsACopy) {
  EXPECT_EQ(list("1\tduplicate,retransmission\n").class_of(1), FrameClass::duplicate);
}

/// The server's capture misses one of three segments.
LabStory story_with_a_miss() {
  LabStory story;
  story.open();
  story.pass(Way::up, {.seq = 1, .octets = 100});
  const auto missed = story.send(Way::up, {.seq = 101, .octets = 100});
  story.miss_next();
  story.deliver(missed);
  story.pass(Way::up, {.seq = 201, .octets = 100});
  story.pass(Way::down, {.seq = 1, .ack = 301});
  return story;
}

TEST_F(ScoreTest, AMissedSegmentIsToldBehindTheHoleOrByItsAck) {
  const Recording recording = story_with_a_miss().judged();
  for (const char* told : {"4\tgap_before,not_captured\n", "5\tadvances,not_captured\n"}) {
    const VerdictList said = list(told);
    const MissedScore score = score_missed(recording, &said);
    EXPECT_EQ(score.segments, 1U);
    EXPECT_EQ(score.told, 1U) << told;
    EXPECT_EQ(score.as_loss, 0U);
  }
}

TEST_F(ScoreTest, AMissedSegmentToldAsLossIsCounted) {
  const VerdictList said = list("4\tgap_before,lost_upstream\n");
  const MissedScore score = score_missed(story_with_a_miss().judged(), &said);
  EXPECT_EQ(score.told, 0U);
  EXPECT_EQ(score.as_loss, 1U);
  EXPECT_EQ(score.untold_at, (std::vector<std::uint64_t>{4}));
}

TEST_F(ScoreTest, ASegmentThatWasAlsoLostIsNotOnlyMissed) {
  LabStory story;
  story.open();
  story.pass(Way::down, {.seq = 1, .octets = 100, .ack = 1});
  story.miss_next();
  story.send(Way::down, {.seq = 101, .octets = 100, .ack = 1});  // lost as well
  story.pass(Way::down, {.seq = 201, .octets = 100, .ack = 1});
  story.pass(Way::down, {.seq = 101, .octets = 100, .ack = 1});
  EXPECT_EQ(score_missed(story.judged(), nullptr).segments, 0U);
}

TEST_F(ScoreTest, StatesAreComparedARoundTripFromAnyChange) {
  const std::string folder =
      std::filesystem::temp_directory_path() / ("tapdeck_states_" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  std::ofstream(folder + "/states.tsv")
      << "host\tstate\tlocal\tpeer\tfirst_ns\tlast_ns\tsamples\n"
         "client\tESTAB\t192.0.2.10:5000\t192.0.2.20:80\t1000\t9000\t9\n"
         "server\tCLOSE-WAIT\t192.0.2.20:80\t192.0.2.10:5000\t5000\t9000\t5\n"
         "server\tTIME-WAIT\t192.0.2.20:81\t192.0.2.10:5000\t5000\t5100\t2\n";
  std::ofstream(folder + "/report.json") << R"({"connections": [{
    "client": {"address": "192.0.2.10", "port": 5000}, "server": {"address": "192.0.2.20", "port": 80},
    "start_ns": 500, "handshake": {"rtt_ns": 200}, "states": {"changes": [
      {"time_ns": 700, "side": "client", "to": "ESTABLISHED"},
      {"time_ns": 7000, "side": "server", "to": "ESTABLISHED"}]}}]})";
  const auto score = [&](const std::string& host) {
    return score_states(folder + "/states.tsv", folder + "/report.json", host, {});
  };
  const StateScore client = score("client");
  const StateScore server = score("server");
  std::filesystem::remove_all(folder);
  EXPECT_EQ(client.moments, 3U);
  EXPECT_EQ(client.equal, 3U);
  // The server's middle moment lies on the change that the report has.
  EXPECT_EQ(server.moments, 2U);
  EXPECT_EQ(server.equal, 0U);
  EXPECT_EQ(server.wrong.back(),
            "8800\tserver\t192.0.2.10:5000\t192.0.2.20:80\tCLOSE_WAIT\tESTABLISHED");
}

TEST_F(ScoreTest, AKernelThatWaitsToSendItsFinCountsOnlyOnceItIsSent) {
  LabStory story;
  story.open();
  story.send(Way::up, {.seq = 1, .octets = 1, .flags = TcpFlags::fin | TcpFlags::ack});
  story.send(Way::up, {.seq = 1, .octets = 1, .flags = TcpFlags::fin | TcpFlags::ack});
  const auto fins = find_fins(story.judged());
  ASSERT_EQ(fins.size(), 1U);
  EXPECT_EQ(fins[0].host, "client");
  EXPECT_EQ(fins[0].client, "192.0.2.10:50000");
  EXPECT_EQ(fins[0].server, "192.0.2.20:7000");
}

TEST_F(ScoreTest, TriggersAreComparedWithTheKernelsCounters) {
  const std::vector<ClassifiedFrame> repeats{
      {.frame = 1, .frame_class = FrameClass::retransmission, .trigger = "recovery"},
      {.frame = 2, .frame_class = FrameClass::retransmission, .trigger = "recovery"},
      {.frame = 3, .frame_class = FrameClass::retransmission, .trigger = "timeout|go_back_n"},
      {.frame = 4, .way = Way::down, .frame_class = FrameClass::retransmission},
  };
  const VerdictList said = list(
      "1\tretransmission,fast\n2\tretransmission,unknown_trigger\n3\tretransmission,timeout\n"
      "4\tretransmission,timeout\n");
  // The first frame became two segments.
  const std::vector<Sighting> sightings{{.transmissions = {0, 1}},
                                        {.transmissions = {2}},
                                        {.transmissions = {3}},
                                        {.transmissions = {4}}};
  const TriggerScore score = score_triggers(repeats, sightings, &said, Way::up,
                                            {{"TcpExt.TCPTimeouts", 2},
                                             {"TcpExt.TCPAbortOnTimeout", 1},
                                             {"TcpExt.TCPFastRetrans", 3},
                                             {"TcpExt.TCPSlowStartRetrans", 0},
                                             {"TcpExt.TCPLossProbes", 3},
                                             {"Tcp.RetransSegs", 4}});
  EXPECT_EQ(score.said, (std::array<std::uint64_t, 4>{1, 2, 0, 0}));
  EXPECT_EQ(score.kernel, (std::array<std::uint64_t, 4>{1, 3, 0, 0}));
  EXPECT_DOUBLE_EQ(score.disagreement(), 1.0 / 4);
  EXPECT_EQ(score.retransmissions, 3U);
  EXPECT_EQ(score.unknown, 1U);
  EXPECT_EQ(score.certain, 2U);
  EXPECT_EQ(score.certain_told, 1U);
}

}  // namespace
}  // namespace tapdeck::test
