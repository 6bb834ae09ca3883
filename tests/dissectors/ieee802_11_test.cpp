#include "dissectors/ieee802_11.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

constexpr std::string_view addresses = "0200 0000 0001 0200 0000 0002 0200 0000 0003";
constexpr std::string_view llc_snap = "aaaa 03 00 0000 0800";

DissectedPacket dissect_80211(std::vector<std::byte> bytes) {
  return dissect(std::move(bytes), LinkType::ieee802_11);
}

// Data IV: LLC, dsap SNAP, ssap SNAP: ethertype IPv4: 192.0.2.1.1111 > 198.51.100.2.2222: UDP
TEST(Ieee80211, OpensDataFrames) {
  const auto bytes = hex("0801 2c00", addresses, "1000", llc_snap, ipv4_udp);
  const auto packet = dissect_80211(bytes);
  EXPECT_EQ(packet.layer_names(), "ieee802_11 llc snap ipv4 udp");
  EXPECT_EQ(packet.layer(0).header_length, 24U);
  EXPECT_EQ(packet.field(0, "frame_control"), "264 (data)");
  EXPECT_EQ(packet.field(0, "to_ds"), "1");
  EXPECT_EQ(packet.field(0, "address_3"), "02:00:00:00:00:03");
  EXPECT_EQ(packet.field(0, "sequence_number"), "1");
  dissect_by_the_rules(bytes, LinkType::ieee802_11);
}

TEST(Ieee80211, KnowsEveryLengthOfADataHeader) {
  const auto qos = hex("8802 2c00", addresses, "1000 0000", llc_snap, ipv4_udp);
  const auto qos_and_ht = hex("8882 2c00", addresses, "1000 0000 0000 0000", llc_snap, ipv4_udp);
  const auto bridge = hex("8803 2c00", addresses, "1000 0200 0000 0004 0000", llc_snap, ipv4_udp);
  EXPECT_EQ(dissect_80211(qos).layer(0).header_length, 26U);
  EXPECT_EQ(dissect_80211(qos_and_ht).layer(0).header_length, 30U);
  EXPECT_EQ(dissect_80211(bridge).layer(0).header_length, 32U);
  for (const auto& bytes : {qos, qos_and_ht, bridge}) {
    EXPECT_EQ(dissect_80211(bytes).layer_names(), "ieee802_11 llc snap ipv4 udp");
    dissect_by_the_rules(bytes, LinkType::ieee802_11);
  }
  EXPECT_EQ(dissect_80211(bridge).field(0, "address_4"), "02:00:00:00:00:04");
}

TEST(Ieee80211, OpensTheFirstPacketOfAnAggregate) {
  const auto bytes = hex("8802 2c00", addresses, "1000 8000 0200 0000 0001 0200 0000 0002 0026",
                         llc_snap, ipv4_udp, "0000 0200 0000 0001 0200 0000 0002 0000");
  const auto packet = dissect_80211(bytes);
  EXPECT_EQ(packet.layer_names(), "ieee802_11 ieee802_11_subframe llc snap ipv4 udp");
  EXPECT_EQ(packet.region(2).length, 38U);
  EXPECT_EQ(packet.field(0, "qos_control"), "128 (several packets (A-MSDU))");
  dissect_by_the_rules(bytes, LinkType::ieee802_11);
}

TEST(Ieee80211, StopsAtProtectedFrames) {
  const auto packet = dissect_80211(hex("0841 2c00", addresses, "1000 aaaa 0300 0000"));
  EXPECT_EQ(packet.layer_names(), "ieee802_11");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.field(0, "protected"), "1 (the rest is encrypted)");
}

TEST(Ieee80211, StopsAtFragmentsAndEmptyFrames) {
  EXPECT_EQ(dissect_80211(hex("0805 2c00", addresses, "1000", llc_snap, ipv4_udp)).layer_names(),
            "ieee802_11");
  EXPECT_EQ(dissect_80211(hex("0801 2c00", addresses, "1100", llc_snap, ipv4_udp)).layer_names(),
            "ieee802_11");
  EXPECT_EQ(dissect_80211(hex("4801 2c00", addresses, "1000")).field(0, "frame_control"),
            "328 (no data)");
}

// Beacon (example) [1.0* 2.0* 5.5* 11.0* Mbit] ESS CH: 1; Acknowledgment RA:02:00:00:00:00:01
TEST(Ieee80211, NamesManagementAndControl) {
  const auto beacon = dissect_80211(hex("8000 0000", addresses, "1000 0102"));
  EXPECT_EQ(beacon.field(0, "frame_control"), "128 (management: beacon)");
  const auto acknowledgement = dissect_80211(hex("d400 0000 0200 0000 0001"));
  EXPECT_EQ(acknowledgement.field(0, "frame_control"), "212 (control: acknowledgement)");
  EXPECT_EQ(acknowledgement.layer(0).header_length, 10U);
  const auto request_to_send = dissect_80211(hex("b400 0000 0200 0000 0001 0200 0000 0002"));
  EXPECT_EQ(request_to_send.layer(0).header_length, 16U);
  EXPECT_EQ(request_to_send.field(0, "address_2"), "02:00:00:00:00:02");
}

TEST(Ieee80211, LeavesOutAFrameCheckSequenceThatTheFileDeclares) {
  const auto packet = dissect(hex("0801 2c00", addresses, "1000 4242 03 0102 0304"),
                              LinkType::ieee802_11, {.fcs_length = 4});
  EXPECT_EQ(packet.region(1).length, 3U);
}

TEST(Ieee80211, SaysHowMuchIsMissing) {
  EXPECT_EQ(dissect_80211(hex("0801 2c00 0200")).fault(),
            "too_short of ieee802_11 at 0, needs 10 has 6");
  EXPECT_EQ(dissect_80211(hex("8801 2c00", addresses, "1000")).fault(),
            "too_short of ieee802_11 at 0, needs 26 has 24");
}

}  // namespace
}  // namespace tapdeck::test
