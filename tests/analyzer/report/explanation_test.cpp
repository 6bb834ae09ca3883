#include "analyzer/report/explanation.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

constexpr std::int64_t milliseconds = 1'000'000;

Anomaly loss() {
  Anomaly anomaly;
  anomaly.type = AnomalyType::rto_retransmission;
  anomaly.direction = AnomalyDirection::server_to_client;
  anomaly.evidence.set(EvidenceName::timeouts, 2);
  anomaly.evidence.set(EvidenceName::longest_silence_ns, 1'020 * milliseconds);
  return anomaly;
}

TEST(Explanation, LeavesOutWhatNothingTells) {
  EXPECT_EQ(explanation_of(loss()),
            "The server waited 1.020 s, its second timeout, before it sent again.");
}

TEST(Explanation, SaysHowManyWhereAndFromWhichFrame) {
  Anomaly anomaly = loss();
  anomaly.evidence.set(EvidenceName::segments, 3);
  anomaly.evidence.set(EvidenceName::from_frame, 49);
  anomaly.evidence.add_place(LossPlace::downstream);
  EXPECT_EQ(explanation_of(anomaly),
            "3 segments were lost between this capture point and the client; the server waited "
            "1.020 s, its second timeout, before it sent again, frame 49 first.");
  anomaly.direction = AnomalyDirection::client_to_server;
  anomaly.evidence.set(EvidenceName::segments, 1);
  anomaly.evidence.add_place(LossPlace::upstream);
  anomaly.evidence.set(EvidenceName::timeouts, 12);
  EXPECT_EQ(
      explanation_of(anomaly),
      "1 segment was lost on both sides of this capture point; the client waited 1.020 s, its "
      "12th timeout, before it sent again, frame 49 first.");
}

/// One of each number that may be one.
std::string explanation_of_one(AnomalyType type, std::initializer_list<EvidenceName> names) {
  Anomaly anomaly;
  anomaly.type = type;
  anomaly.direction = AnomalyDirection::client_to_server;
  anomaly.count = 1;
  for (const EvidenceName name : names) anomaly.evidence.set(name, 1);
  return explanation_of(anomaly);
}

TEST(Explanation, AgreesWithOneSegment) {
  using enum AnomalyType;
  using enum EvidenceName;
  EXPECT_EQ(explanation_of_one(reordering, {segments, longest_delay_ns}),
            "1 segment of the client was overtaken on its way, by up to 1 ns.");
  EXPECT_EQ(explanation_of_one(old_duplicate, {segments}),
            "1 segment of the client came with an old clock and was refused.");
  EXPECT_EQ(explanation_of_one(stretch_ack, {largest_bytes}),
            "1 ACK of the client covered more than two full segments, up to 1 byte.");
  EXPECT_EQ(explanation_of_one(udp_len_mismatch, {}),
            "1 datagram of the client declares a length that is not its own.");
  EXPECT_EQ(explanation_of_one(duplicate_frame, {mirrored}),
            "1 frame is a copy that the capture made, 1 by a mirror that sees it twice.");
}

TEST(Explanation, AgreesWithOneByte) {
  using enum AnomalyType;
  using enum EvidenceName;
  EXPECT_EQ(explanation_of_one(upstream_loss, {bytes}),
            "1 byte of the client was lost before this capture point.");
  EXPECT_EQ(explanation_of_one(capture_loss, {bytes}),
            "The capture missed 1 byte of the client in 1 place; the server has it.");
  EXPECT_EQ(explanation_of_one(sack_reneging, {bytes}),
            "The client took back what it had said to hold: 1 byte was sent again although a SACK "
            "had covered it.");
  EXPECT_EQ(explanation_of_one(syn_with_data, {bytes, acknowledged_bytes}),
            "The client's SYN carried 1 byte, of which 1 byte was accepted with it.");
}

TEST(Explanation, AgreesWithMany) {
  Anomaly anomaly;
  anomaly.type = AnomalyType::reordering;
  anomaly.evidence.set(EvidenceName::segments, 1'024);
  anomaly.evidence.set(EvidenceName::longest_delay_ns, milliseconds);
  EXPECT_EQ(explanation_of(anomaly),
            "1,024 segments of the client were overtaken on their way, by up to 1.000 ms.");
}

TEST(Explanation, SaysADistanceWithItsUnitAndOnWhichSide) {
  using enum AnomalyType;
  Anomaly anomaly;
  anomaly.type = rst_unacceptable;
  anomaly.count = 1;
  anomaly.evidence.set(EvidenceName::distance, -120);
  EXPECT_EQ(explanation_of(anomaly),
            "1 reset of the client did not fit the connection, 120 bytes below the next sequence "
            "number; it went on.");
  anomaly.count = 2;
  anomaly.evidence.set(EvidenceName::distance, 1);
  EXPECT_EQ(explanation_of(anomaly),
            "2 resets of the client did not fit the connection, the first 1 byte above the next "
            "sequence number; it went on.");
  anomaly.type = time_wait_reuse;
  anomaly.evidence.set(EvidenceName::idle_ns, milliseconds);
  anomaly.evidence.set(EvidenceName::distance, -2'065'899'763);
  EXPECT_EQ(explanation_of(anomaly),
            "The client used the sockets again 1.000 ms after their last connection had ended; the "
            "initial sequence number lies 2,065,899,763 bytes below the last one.");
  anomaly.type = fin_seq_moved;
  EXPECT_EQ(explanation_of(anomaly),
            "The client sent a second FIN 2,065,899,763 bytes below the first.");
}

TEST(Explanation, GroupsTheDigitsOfCountsAndNotOfFrames) {
  using enum AnomalyType;
  Anomaly anomaly;
  anomaly.type = inconsistent_overlap;
  anomaly.last.frame = 1'238;
  anomaly.evidence.set(EvidenceName::other_frame, 1'236);
  anomaly.evidence.set(EvidenceName::bytes, 1'448);
  EXPECT_EQ(explanation_of(anomaly),
            "Frames 1236 and 1238 hold different content for the same 1,448 bytes of the client.");
  anomaly.type = mss_exceeded;
  anomaly.evidence.set(EvidenceName::largest_bytes, 1'424);
  anomaly.evidence.set(EvidenceName::expected, 1'420);
  EXPECT_EQ(explanation_of(anomaly),
            "The client sent segments of up to 1,424 bytes where the server takes 1,420 bytes.");
}

TEST(Explanation, NamesFlags) {
  Anomaly anomaly;
  anomaly.type = AnomalyType::odd_flags;
  anomaly.count = 1;
  anomaly.evidence.set(EvidenceName::flags, 213);
  EXPECT_EQ(explanation_of(anomaly),
            "The client sent 1 segment with flags that no host combines (FIN,RST,ACK,ECE,CWR).");
  anomaly.count = 2;
  anomaly.evidence.set(EvidenceName::flags, 0);
  EXPECT_EQ(explanation_of(anomaly),
            "The client sent 2 segments with flags that no host combines (no flags in the last).");
}

TEST(Explanation, SaysAboutWhereACountIsAnEstimate) {
  Anomaly anomaly;
  anomaly.type = AnomalyType::port_scan;
  anomaly.evidence.set(EvidenceName::address, IpAddress{.octets = {192, 0, 2, 1}});
  anomaly.evidence.set(EvidenceName::tries, 70'000);
  anomaly.evidence.set_estimated(EvidenceName::ports, 59'812);
  anomaly.evidence.set(EvidenceName::hosts, 31);
  EXPECT_EQ(explanation_of(anomaly),
            "The host 192.0.2.1 tried about 60,000 ports on 31 hosts within 0 s: 70,000 attempts "
            "failed.");
}

TEST(Explanation, SaysInWordsWhatARouterSaid) {
  Anomaly anomaly;
  anomaly.type = AnomalyType::icmp_error_on_flow;
  anomaly.direction = AnomalyDirection::client_to_server;
  anomaly.count = 10;
  anomaly.evidence.set(EvidenceName::icmp_version, 4);
  anomaly.evidence.set(EvidenceName::icmp_type, 3);
  anomaly.evidence.set(EvidenceName::icmp_code, 4);
  anomaly.evidence.set(EvidenceName::mtu, 1280);
  EXPECT_EQ(explanation_of(anomaly),
            "10 ICMP errors about what the client sent (destination unreachable: fragmentation "
            "needed and DF set, MTU 1280).");
  anomaly.count = 1;
  anomaly.evidence = {};
  anomaly.evidence.set(EvidenceName::icmp_version, 6);
  anomaly.evidence.set(EvidenceName::icmp_type, 2);
  anomaly.evidence.set(EvidenceName::icmp_code, 0);
  EXPECT_EQ(explanation_of(anomaly), "1 ICMP error about what the client sent (packet too big).");
}

TEST(Explanation, FallsBackOnTheDefinition) {
  Anomaly anomaly;
  anomaly.type = AnomalyType::rto_retransmission;
  EXPECT_EQ(explanation_of(anomaly),
            "Segments were sent again because the retransmission timer fired (RFC 6298).");
}

TEST(Explanation, KnowsItsOwnMistakes) {
  EXPECT_TRUE(is_well_formed_explanation("The {sender} sent {bytes}[, {count|time|times}]."));
  EXPECT_FALSE(is_well_formed_explanation("The {sendr} sent it."));
  EXPECT_FALSE(is_well_formed_explanation("The {sender sent it."));
  EXPECT_FALSE(is_well_formed_explanation("The {sender} sent[ it."));
  EXPECT_FALSE(is_well_formed_explanation("The {sender} sent] it."));
  EXPECT_FALSE(is_well_formed_explanation("No stop"));
}

}  // namespace
}  // namespace tapdeck
