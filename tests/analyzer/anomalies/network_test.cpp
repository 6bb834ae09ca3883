// Anomalies of IP, ICMP, UDP and the link: each with what raises it, and what is close and doesn't.
#include <gtest/gtest.h>

#include "analyzer/anomalies/family.h"
#include "tests/support/analyzed.h"
#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::milliseconds;
using test::seconds;
using test::Story;
using enum AnomalyType;

/// Ends the story: the anomaly of this type, with count 0 if there is none.
Anomaly only(Story& story, AnomalyType type) {
  for (const Anomaly& anomaly : story.anomalies()) {
    if (anomaly.type == type) return anomaly;
  }
  return {};
}

TEST(Network, FragmentsOfTcpAreNotedAndConflictsAreErrors) {
  Story story;
  story.handshake();
  story.frames = 3;
  story.client("P.", 1, 1, 2000);
  EXPECT_EQ(only(story, ip_fragmented_tcp).severity, Severity::note);
  Story attacked;
  attacked.frames = 2;
  attacked.oddities = Oddity::fragments_overlap | Oddity::fragments_conflict;
  attacked.udp(true, 2000);
  EXPECT_EQ(only(attacked, ip_fragmented_tcp).severity, Severity::error);
}

TEST(Network, FragmentsOfUdpAreOrdinary) {
  Story story;
  story.frames = 2;
  story.udp(true, 2000);
  EXPECT_EQ(only(story, ip_fragmented_tcp).count, 0U);
}

TEST(Network, AnIcmpErrorAboutBytesNeverSentMayBeForged) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  ASSERT_TRUE(story.icmp_error(3, 1, 6, 900));
  const Anomaly forged = only(story, icmp_error_on_flow);
  EXPECT_EQ(forged.evidence.get(EvidenceName::never_sent), 1);
  EXPECT_TRUE(forged.considered.has(Alternative::injection));
}

TEST(Network, AnIcmpErrorAboutBytesInFlightIsWhatItSays) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  ASSERT_TRUE(story.icmp_error(3, 1, 6, 1));
  const Anomaly error = only(story, icmp_error_on_flow);
  EXPECT_EQ(error.count, 1U);
  EXPECT_EQ(error.severity, Severity::warning);
  EXPECT_FALSE(error.evidence.get(EvidenceName::never_sent));
}

TEST(Network, ASizeThatFitsIsNoTrouble) {
  Story story;
  story.handshake();
  ASSERT_TRUE(story.icmp_error(3, 4, 6, 1));
  EXPECT_EQ(only(story, icmp_error_on_flow).severity, Severity::note);
}

TEST(Network, ErrorsPastTheBoundOnWhatIsKeptAreCounted) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  for (const std::uint32_t mtu :
       {1400U, 1300U, 1400U, 1300U, 1300U, 1300U, 1400U, 1300U, 1300U, 1400U}) {
    story.mtu = mtu;
    ASSERT_TRUE(story.icmp_error(3, 4, 6, 1));
  }
  const Anomaly error = only(story, icmp_error_on_flow);
  EXPECT_EQ(error.count, 10U);
  EXPECT_EQ(error.first.frame, 5U);
  EXPECT_EQ(error.last.frame, 14U);
  EXPECT_EQ(error.evidence.get(EvidenceName::mtu), 1300);
}

TEST(Network, ErrorsThatSayOtherThingsAreToldApart) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  ASSERT_TRUE(story.icmp_error(3, 4, 6, 1));
  ASSERT_TRUE(story.icmp_error(11, 0, 6, 1));
  std::vector<std::int64_t> types;
  for (const Anomaly& anomaly : story.anomalies()) {
    if (anomaly.type != icmp_error_on_flow) continue;
    EXPECT_EQ(anomaly.count, 1U);
    EXPECT_FALSE(anomaly.evidence.get(EvidenceName::mtu));
    types.push_back(anomaly.evidence.get(EvidenceName::icmp_type).value_or(0));
  }
  EXPECT_EQ(types, (std::vector<std::int64_t>{3, 11}));
}

TEST(Network, TheSizeThatFitsIsWhatTheRouterNamed) {
  const std::string folder = TAPDECK_GOLDEN_DIR;
  const auto sizes = [&](const std::string& name) {
    std::vector<std::int64_t> found;
    for (const Anomaly& anomaly : test::analyze_file(folder + name).anomalies) {
      if (const auto mtu = anomaly.evidence.get(EvidenceName::mtu)) found.push_back(*mtu);
    }
    return found;
  };
  EXPECT_EQ(sizes("/icmp_fragmentation_needed.pcap"), (std::vector<std::int64_t>{1280, 1280}));
  EXPECT_EQ(sizes("/icmpv6_errors.pcap"), (std::vector<std::int64_t>{1280}));
}

TEST(Network, AHopLimitThatStaysChangedIsAnotherWay) {
  Story story;
  story.hop_limit = 60;
  story.udp(true, 10);
  story.hop_limit = 58;
  for (int i = 0; i < 5; ++i) story.udp(true, 10);
  const Anomaly change = only(story, route_change);
  EXPECT_EQ(change.count, 1U);
  EXPECT_EQ(change.evidence.get(EvidenceName::expected), 60);
  EXPECT_EQ(change.evidence.get(EvidenceName::found), 58);
}

TEST(Network, AStrayHopLimitIsNoNewWay) {
  Story story;
  story.hop_limit = 60;
  story.udp(true, 10);
  story.hop_limit = 58;
  story.udp(true, 10);
  story.hop_limit = 60;
  story.udp(true, 10);
  const auto anomalies = story.anomalies();
  ASSERT_EQ(anomalies.size(), 1U);
  EXPECT_EQ(anomalies[0].type, ttl_change);
}

TEST(Network, EachSideHasItsOwnHopLimit) {
  Story story;
  for (int i = 0; i < 5; ++i) {
    story.hop_limit = 64;
    story.udp(true, 10);
    story.hop_limit = 57;
    story.udp(false, 10);
  }
  EXPECT_TRUE(story.anomalies().empty());
}

TEST(Network, WhoCountsHopsChangesThemOnPurpose) {
  Story story;
  for (std::uint8_t hop_limit = 1; hop_limit < 20; ++hop_limit) {
    story.hop_limit = hop_limit;
    story.udp(true, 10);
  }
  EXPECT_TRUE(story.anomalies().empty());
}

TEST(Network, ADamagedSegmentIsSentAgain) {
  Story story;
  story.handshake();
  story.bad_checksum = true;
  story.client("P.", 1, 1, 100);
  story.bad_checksum = false;
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  const Anomaly bad = only(story, checksum_bad);
  EXPECT_EQ(bad.severity, Severity::error);
  EXPECT_EQ(bad.confidence, Confidence::high);
}

TEST(Network, AnAcceptedSegmentWasNotDamaged) {
  Story story;
  story.handshake();
  story.bad_checksum = true;
  story.client("P.", 1, 1, 100);
  story.bad_checksum = false;
  story.server(".", 1, 101);
  const Anomaly bad = only(story, checksum_bad);
  EXPECT_EQ(bad.severity, Severity::note);
  EXPECT_EQ(bad.evidence.get(EvidenceName::answers), 1);
}

TEST(Network, ChecksumsThatWereNeverRightAreNoDamage) {
  for (const bool right_at_last : {false, true}) {
    Story story;
    story.bad_checksum = true;
    for (int i = 0; i < 2; ++i) {
      story.udp(true, 30);
      story.udp(false, 30);
      story.wait(10 * seconds);
    }
    story.udp(true, 30);
    story.bad_checksum = !right_at_last;
    story.udp(true, 30);
    const Anomaly bad = only(story, checksum_bad);
    EXPECT_EQ(bad.severity, right_at_last ? Severity::warning : Severity::info);
    EXPECT_EQ(bad.count, right_at_last ? 3U : 4U);
    EXPECT_EQ(bad.evidence.get(EvidenceName::never_right).has_value(), !right_at_last);
  }
}

TEST(Network, ASackOfADamagedSegmentFitsIt) {
  constexpr std::uint32_t elsewhere = 3'800'000'000U;
  for (const bool fits : {true, false}) {
    Story story;
    story.handshake();
    story.client("P.", 1, 1, 100);
    story.bad_checksum = true;
    story.client("P.", elsewhere, 1, 100);
    story.bad_checksum = false;
    story.options.sack_block_count = 1;
    story.options.sack_blocks[0] = {
        .left_edge = story.client_isn + elsewhere,
        .right_edge = story.client_isn + elsewhere + (fits ? 100 : 200)};
    story.server(".", 1, 101);
    EXPECT_EQ(only(story, bad_sack).count, fits ? 0U : 1U);
  }
}

TEST(Network, AQueryWithoutReplyIsTold) {
  Story story;
  story.server_port = 53;
  story.udp(true, 30);
  story.udp(true, 30);
  story.wait(10 * seconds);
  story.client_port = 40'000;
  story.udp(true, 30);
  story.udp(false, 30);
  const Anomaly silent = only(story, udp_no_reply);
  EXPECT_EQ(silent.count, 2U);
  EXPECT_EQ(silent.connection, 1U);
}

TEST(Network, AQueryAtTheEndOfTheCaptureMayStillBeAnswered) {
  Story story;
  story.server_port = 53;
  story.udp(true, 30);
  story.wait(100 * milliseconds);
  EXPECT_EQ(only(story, udp_no_reply).count, 0U);
}

TEST(Network, ALogMessageExpectsNoReply) {
  Story story;
  story.server_port = 514;
  story.udp(true, 30);
  story.wait(10 * seconds);
  story.server_port = 53;
  story.udp(true, 30);
  EXPECT_EQ(only(story, udp_no_reply).count, 0U);
}

TEST(Network, APortWithoutListenerIsToldOfUdpOnly) {
  Story story;
  story.udp(true, 30);
  ASSERT_TRUE(story.icmp_error(3, 3, 17));
  EXPECT_EQ(only(story, icmp_port_unreach).count, 1U);
  Story of_tcp;
  of_tcp.handshake();
  ASSERT_TRUE(of_tcp.icmp_error(3, 3, 6));
  EXPECT_EQ(only(of_tcp, icmp_port_unreach).count, 0U);
}

TEST(Network, OddHeadersOfUdpAreTold) {
  Story story;
  story.oddities = Oddity::no_udp_checksum;
  story.udp(true, 30);
  EXPECT_EQ(only(story, udp_checksum_zero_v6).count, 1U);
  Story longer;
  longer.oddities = Oddity::udp_length_differs;
  longer.udp(true, 30);
  EXPECT_EQ(only(longer, udp_len_mismatch).count, 1U);
}

TEST(Network, DirectionsInDifferentVlansAreTold) {
  Story story;
  story.vlan = 10;
  story.udp(true, 30);
  story.vlan = 20;
  story.udp(false, 30);
  EXPECT_EQ(only(story, vlan_asymmetric).evidence.get(EvidenceName::server_value), 20);
  Story same;
  same.vlan = 10;
  same.udp(true, 30);
  same.udp(false, 30);
  EXPECT_EQ(only(same, vlan_asymmetric).count, 0U);
}

TEST(CaptureItself, OneDirectionAlone) {
  Story story;
  story.client("S", 0);
  story.client(".", 1, 1);
  story.client("P.", 1, 1, 100);
  story.client(".", 101, 500);
  EXPECT_EQ(only(story, one_sided).count, 1U);
  Story unanswered;
  for (int i = 0; i < 5; ++i) unanswered.client("S", 0);
  EXPECT_EQ(only(unanswered, one_sided).count, 0U);
}

TEST(CaptureItself, ConnectionsThatBeganBefore) {
  Story story;
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  EXPECT_EQ(only(story, midstream_start).count, 1U);
  Story whole;
  whole.handshake();
  whole.client("P.", 1, 1, 100);
  EXPECT_EQ(only(whole, midstream_start).count, 0U);
}

}  // namespace
}  // namespace tapdeck
