#include "dissectors/mpls.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// ethertype MPLS unicast (0x8847), length 48: MPLS (label 16, tc 0, [S], ttl 64):
//   192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(Mpls, TellsIpByItsVersion) {
  const auto bytes = hex(macs, "8847 0001 0140", ipv4_udp);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet mpls ipv4 udp");
  EXPECT_EQ(Mpls::tunnel_id(packet.region(1)), 16U);
  EXPECT_EQ(packet.field(1, "bottom_of_stack"), "1");
  EXPECT_EQ(packet.field(1, "time_to_live"), "64");
  dissect_by_the_rules(bytes);
  EXPECT_EQ(dissect(hex(macs, "8847 0001 0140", ipv6_udp)).layer_names(), "ethernet mpls ipv6 udp");
}

// MPLS (label 1048575, tc 7, ttl 255) (label 2 (IPv6 explicit NULL), tc 0, [S], ttl 1)
TEST(Mpls, ReadsAStackALayerAnEntry) {
  const auto packet = dissect(hex(macs, "8848 ffff feff 0000 2101", ipv6_udp));
  EXPECT_EQ(packet.layer_names(), "ethernet mpls mpls ipv6 udp");
  EXPECT_EQ(packet.field(1, "label"), "1048575");
  EXPECT_EQ(packet.field(1, "traffic_class"), "7");
  EXPECT_EQ(packet.field(2, "label"), "2 (IPv6 explicit null)");
}

TEST(Mpls, EndsAStackAtTheBoundOfLayers) {
  auto bytes = hex(macs, "8847");
  bytes.resize(bytes.size() + 400);
  const auto packet = dissect(std::move(bytes));
  EXPECT_EQ(packet.dissection.layer_count, Dissection::max_layers);
  EXPECT_EQ(packet.dissection.fault.kind, FaultKind::too_many_layers);
}

TEST(Mpls, OpensAPseudowireWithControlWord) {
  const auto bytes = hex(macs, "8847 0001 0140 0000 0007", ethernet_ipv4_udp);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet mpls pseudowire_control ethernet ipv4 udp");
  EXPECT_EQ(packet.field(2, "sequence_number"), "7");
  dissect_by_the_rules(bytes);
}

TEST(Mpls, OpensAPseudowireWithoutControlWord) {
  const auto bytes = hex(macs, "8847 0001 0140", ethernet_ipv4_udp);
  EXPECT_EQ(dissect(bytes).layer_names(), "ethernet mpls ethernet ipv4 udp");
  dissect_by_the_rules(bytes);
}

TEST(Mpls, IsNotMisledByAddressesThatLookLikeIp) {
  constexpr std::string_view source_and_type = "0200 0000 0001 0800";
  EXPECT_EQ(
      dissect(hex(macs, "8847 0001 0140 4500 ffff 0002", source_and_type, ipv4_udp)).layer_names(),
      "ethernet mpls ethernet ipv4 udp");
  EXPECT_EQ(
      dissect(hex(macs, "8847 0001 0140 6c00 0000 ffff", source_and_type, ipv4_udp)).layer_names(),
      "ethernet mpls ethernet ipv4 udp");
}

TEST(Mpls, OpensAPseudowireOfLlcFrames) {
  EXPECT_EQ(dissect(hex(macs, "8847 0001 0140 0000 0000", macs, "0003 4242 03")).layer_names(),
            "ethernet mpls pseudowire_control ethernet llc");
}

TEST(Mpls, LeavesTheRestWhereNothingMakesSense) {
  for (const auto* rest :
       {"1000 0021 0102", "9999", "", "9999 9999 9999 9999 9999 9999 9999 9999 9999 9999 9999"}) {
    const auto packet = dissect(hex(macs, "8847 0001 0140", rest));
    EXPECT_EQ(packet.layer_names(), "ethernet mpls") << rest;
  }
}

TEST(Mpls, GuessesOnlyOnWhatIsCaptured) {
  const auto packet =
      dissect(hex(macs, "8847 0001 0140 0000 0007 0200"), LinkType::ethernet, {.wire_length = 100});
  EXPECT_EQ(packet.layer_names(), "ethernet mpls");
  EXPECT_EQ(packet.fault(), "cut_short of mpls_payload at 18, needs 18 has 6");
}

TEST(Mpls, FollowsPppAndIp) {
  EXPECT_EQ(dissect(hex("ff03 0281 0001 0140", ipv4_udp), LinkType::ppp).layer_names(),
            "ppp mpls ipv4 udp");
  EXPECT_EQ(dissect(in_ipv4(137, hex("0001 0140", ipv6_udp))).layer_names(),
            "ethernet ipv4 mpls ipv6 udp");
}

TEST(Mpls, NeedsFourOctets) {
  EXPECT_EQ(dissect(hex(macs, "8847 0001 01")).fault(), "too_short of mpls at 14, needs 4 has 3");
}

}  // namespace
}  // namespace tapdeck::test
