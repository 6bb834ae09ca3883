#include "dissectors/llc.h"

#include "dissectors/snap.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// 802.3, length 38: LLC, dsap SNAP, ssap SNAP, ctrl 0x03: oui Ethernet (0x000000), ethertype IPv4
TEST(Llc, LeadsThroughSnapToAnEtherType) {
  const auto bytes = hex(macs, "0026 aaaa 03 00 0000 0800", ipv4_udp);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet llc snap ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.field(1, "dsap"), "170 (SNAP)");
  EXPECT_EQ(packet.field(1, "control"), "3 (unnumbered information)");
  EXPECT_EQ(packet.field(2, "organization"), "0");
  EXPECT_EQ(packet.field(2, "protocol"), "2048 (IPv4)");
  dissect_by_the_rules(bytes);
}

TEST(Llc, LeadsToIpBySap) {
  EXPECT_EQ(dissect(hex(macs, "0021 0606 03", ipv4_udp)).layer_names(), "ethernet llc ipv4 udp");
}

// LLC, dsap NetBIOS, ssap NetBIOS, receiver ready
TEST(Llc, HasTwoOctetsOfControlInNumberedFrames) {
  const auto packet = dissect(hex(macs, "0004 f0f0 0102"));
  EXPECT_EQ(packet.layer_names(), "ethernet llc");
  EXPECT_EQ(packet.layer(1).header_length, 4U);
  EXPECT_EQ(packet.dissection.unknown, Selector{});
}

TEST(Llc, NamesTheSapThatNobodyKnows) {
  const auto packet = dissect(hex(macs, "0003 4243 03"));
  EXPECT_EQ(packet.dissection.unknown, by_llc_sap(0x42));
  EXPECT_EQ(packet.field(1, "ssap"), "67 (spanning tree)");
}

TEST(Llc, LeavesNovellsRawFramesAlone) {
  const auto packet = dissect(hex(macs, "0004 ffff 0022"));
  EXPECT_EQ(packet.layer_names(), "ethernet");
  EXPECT_EQ(packet.fault(), "none");
}

TEST(Llc, FollowsTheEtherTypeOfLongFrames) {
  EXPECT_EQ(dissect(hex(macs, "8870 aaaa 03 00 0000 0800", ipv4_udp)).layer_names(),
            "ethernet llc snap ipv4 udp");
}

TEST(Llc, NeedsThreeOctets) {
  EXPECT_EQ(dissect(hex(macs, "0002 aaaa")).fault(), "too_short of llc at 14, needs 3 has 2");
}

TEST(Snap, ReadsTheTunnelEncapsulationOfBridges) {
  EXPECT_EQ(dissect(hex(macs, "0026 aaaa 03 00 00f8 0800", ipv4_udp)).layer_names(),
            "ethernet llc snap ipv4 udp");
}

TEST(Snap, LeadsToABridgedFrame) {
  EXPECT_EQ(dissect(hex(macs, "0034 aaaa 03 00 80c2 0007", ethernet_ipv4_udp)).layer_names(),
            "ethernet llc snap ethernet ipv4 udp");
}

TEST(Snap, StopsAtAnOrganizationsOwnProtocol) {
  const auto packet = dissect(hex(macs, "0008 aaaa 03 00 000c 2000"));
  EXPECT_EQ(packet.layer_names(), "ethernet llc snap");
  EXPECT_EQ(packet.fault(), "none");
}

}  // namespace
}  // namespace tapdeck::test
