// The form of scenarios: what is read of a line, and that nothing half understood is taken.
#include <string>

#include <gtest/gtest.h>

#include "dissectors/tcp.h"
#include "tests/support/scenario.h"
#include "tests/support/scenario_frames.h"

namespace tapdeck::test {
namespace {

using Words = std::set<std::string>;

Scenario read(const std::string& text) { return read_scenario("story.seg", text); }

/// The message of what is refused.
std::string refusal_of(const std::string& text) {
  try {
    static_cast<void>(read(text));
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "none";
}

TEST(ScenarioReader, ReadsASegment) {
  const Scenario scenario = read(
      "# a comment\n"
      "\n"
      "1.5 < P. 101:201(100) ack 7 win 300 <TS val 10 ecr 0x14,sack 1 {5:9}> ip_id 4 ttl 60"
      " => in_order, advances states CLOSE_WAIT FIN_WAIT_2\n");
  ASSERT_EQ(scenario.packets.size(), 1U);
  const ScenarioPacket& packet = scenario.packets[0];
  EXPECT_EQ(packet.line, 3U);
  EXPECT_EQ(packet.time_ns, 1'500'000'000);
  EXPECT_FALSE(packet.from_client);
  EXPECT_EQ(packet.flags, TcpFlags::psh | TcpFlags::ack);
  EXPECT_EQ(packet.seq, 101);
  EXPECT_EQ(packet.payload_octets, 100U);
  EXPECT_EQ(packet.ack, 7);
  EXPECT_EQ(packet.window, 300);
  EXPECT_EQ(packet.ip_id, 4);
  EXPECT_EQ(packet.ttl, 60);
  ASSERT_EQ(packet.options.size(), 2U);
  EXPECT_EQ(packet.options[0].values, (std::vector<std::int64_t>{10, 20}));
  EXPECT_EQ(packet.options[1].values, (std::vector<std::int64_t>{5, 9}));
  EXPECT_EQ(packet.expected.words, (Words{"in_order", "advances"}));
  EXPECT_EQ(packet.expected.states, (std::array<std::string, 2>{"CLOSE_WAIT", "FIN_WAIT_2"}));
}

TEST(ScenarioReader, CountsTimeFromThePacketBefore) {
  const Scenario scenario =
      read("2 > S 0:0(0) =>\n+.25 > S 0:0(0) =>\n-1.000000001 > S 0:0(0) =>\n");
  EXPECT_EQ(scenario.packets[1].time_ns, 2'250'000'000);
  EXPECT_EQ(scenario.packets[2].time_ns, 1'249'999'999);
}

TEST(ScenarioReader, PutsASegmentWithoutSequenceBehindWhatWasSent) {
  const Scenario scenario = read("0 > S 0:0(0) =>\n+1 > F. 1:11(10) ack 1 =>\n+1 > . ack 1 =>\n");
  EXPECT_EQ(scenario.packets[2].seq, 12);
}

TEST(ScenarioReader, GivesASynAMaximumSegmentSizeUnlessToldOtherwise) {
  const Scenario scenario = read("0 > S 0:0(0) =>\n+1 > S 0:0(0) <> =>\n");
  EXPECT_EQ(scenario.packets[0].options.size(), 1U);
  EXPECT_TRUE(scenario.packets[1].options.empty());
}

TEST(ScenarioReader, RepeatsLinesInPlace) {
  const Scenario scenario = read(
      "0 > S 0:0(0) =>\nrepeat 3\n+1 > P. +10 ack 1 =>\n+1 < . ack all =>\nend\n"
      "repeat 2 from other ports\n+1 > S 0:0(0) =>\nend\n");
  ASSERT_EQ(scenario.packets.size(), 9U);
  EXPECT_EQ(scenario.packets[5].seq, 21);
  EXPECT_EQ(scenario.packets[5].line, 3U);
  EXPECT_EQ(scenario.packets[6].ack, 31);
  EXPECT_EQ(scenario.ends[scenario.packets[7].ends].ports[0], 50'000);
  EXPECT_EQ(scenario.ends[scenario.packets[8].ends].ports[0], 50'001);
  EXPECT_EQ(refusal_of("0 > S 0:0(0) =>\nrepeat 3\n"), "story.seg:2: a repeat without an end");
  EXPECT_EQ(refusal_of("0 > S 0:0(0) =>\nend\n"), "story.seg:2: an end without a repeat");
}

TEST(ScenarioReader, ReadsExpectationsOfTheWhole) {
  const Scenario scenario = read(
      "0 > S 0:0(0) =>\nconnections 2\nhygiene bad_checksums 1\nanomaly zero_window warning both\n"
      "no anomaly syn_flood\nno anomalies\n");
  EXPECT_EQ(scenario.connections->value, 2U);
  EXPECT_EQ(scenario.hygiene.at(0).name, "bad_checksums");
  ASSERT_EQ(scenario.anomalies.size(), 3U);
  EXPECT_EQ(scenario.anomalies[0].severity, "warning");
  EXPECT_EQ(scenario.anomalies[0].direction, "both");
  EXPECT_FALSE(scenario.anomalies[1].wanted);
  EXPECT_TRUE(scenario.anomalies[2].type.empty());
}

TEST(ScenarioReader, LeavesOutVariantsWithAReasonOnly) {
  const Scenario scenario = read("only: ipv4 because of this\n0 > S 0:0(0) =>\n");
  EXPECT_EQ(scenario.left_out, (std::map<Variant, std::string>{{Variant::ipv6, "of this"}}));
  const std::string packet = "0 > S 0:0(0) =>\n";
  EXPECT_EQ(refusal_of("not: swapped\n" + packet),
            "story.seg:1: a variant left out needs its reason: because ...");
  EXPECT_NE(refusal_of("not: swapped because\n" + packet).find("reason"), std::string::npos);
  EXPECT_NE(refusal_of("not: because of this\n" + packet).find("names no variant"),
            std::string::npos);
  EXPECT_NE(refusal_of("not: ipv5 because it was\n" + packet).find("no such variant"),
            std::string::npos);
}

TEST(ScenarioReader, RefusesWhatItDoesNotUnderstand) {
  const auto refuses = [](const std::string& line, const std::string& why) {
    const std::string message = refusal_of("0 > S 0:0(0) =>\n" + line + "\n");
    EXPECT_TRUE(message.starts_with("story.seg:2: ")) << line << ": " << message;
    EXPECT_NE(message.find(why), std::string::npos) << line << ": " << message;
  };
  refuses("+1 > . ack 1", "no => with what is expected");
  refuses("+1 ? . ack 1 =>", "no direction");
  refuses("+1 > X 1:1(0) =>", "no flags");
  refuses("+1 > . =>", "without ack");
  refuses("+1 > P 1:2(1) ack 1 =>", "ack without the flag");
  refuses("+1 > P. 1:5(3) ack 1 =>", "contradict");
  refuses("+1 > P. 1:5 ack 1 =>", "first:last(octets)");
  refuses("+1 > F. ack 1 =>", "need their sequence");
  refuses("+1 > . ack one =>", "no number");
  refuses("+1.0000000001 > . ack 1 =>", "no time");
  refuses("+1 > . ack 1 win 65536 =>", "at most 65535");
  refuses("+1 > . ack 1 colour 3 =>", "no such attribute");
  refuses("+1 > . ack 1 <mss> =>", "no such TCP option");
  refuses("+1 > . ack 1 <sack 2 {1:2}> =>", "another number of blocks");
  refuses("+1 > . ack 1 conn other =>", "no such connection");
  refuses("+1 > P. 1:4(3) ack 1 payload \"long\" =>", "isn't as long");
  refuses("+1 > . ack 1 => in_order,in_order", "said twice");
  refuses("+1 > . ack 1 => states CLOSED", "the line ends");
  refuses("+1 > . ack 1 => states CLOSED CLOSED CLOSED", "more than was expected");
  refuses("+1 copy 2 =>", "at most 1");
  refuses("+1 > icmp unreachable_host quotes 1 =>", "goes to the sender");
  refuses("anomaly zero_window loud", "no severity");
  refuses("conn other", "before the first packet");
  refuses("conections 1", "no such directive");
  EXPECT_EQ(refusal_of("# nothing\n"), "story.seg:1: the scenario has no packets");
}

/// Sequence number and IP ID of an IPv4 frame of a scenario.
std::pair<std::uint32_t, std::uint16_t> numbers_of(const ScenarioFrame& frame) {
  return {read_big_endian<std::uint32_t>(frame.bytes, 14 + 20 + 4),
          read_big_endian<std::uint16_t>(frame.bytes, 14 + 4)};
}

TEST(ScenarioFrames, CountIpIdsForEachSide) {
  const auto frames = frames_of(read("0 > S 0:0(0) =>\n+1 < S. 0:0(0) ack 1 =>\n"
                                     "+1 > . ack 1 ip_id 9 =>\n+1 > . ack 1 =>\n+1 copy 1 =>\n"),
                                Variant::plain);
  const auto id = [&](std::size_t index) { return numbers_of(frames[index]).second; };
  EXPECT_EQ(id(2) - id(0), 8);
  EXPECT_EQ(id(3) - id(2), 1);
  EXPECT_EQ(id(4), id(0));
}

TEST(ScenarioFrames, WrapNumbersAndKeepTheirDistances) {
  const Scenario scenario = read(
      "conn first isn 100 200\nconn other isn 5100 200\n"
      "0 > S 0:0(0) =>\n+1 > S 0:0(0) conn other =>\n+1 > P. 1:1001(1000) ack 1 =>\n");
  const auto frames = frames_of(scenario, Variant::wrapped);
  const std::uint32_t first = numbers_of(frames[0]).first;
  EXPECT_GT(first, 0xffff'ff00U);
  EXPECT_EQ(numbers_of(frames[1]).first - first, 5000U);
  EXPECT_EQ(numbers_of(frames[2]).first - first, 1U);
}

}  // namespace
}  // namespace tapdeck::test
