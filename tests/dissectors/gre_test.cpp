#include "dissectors/gre.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// 203.0.113.1 > 203.0.113.2: GREv0, length 34: 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(Gre, OpensIp) {
  const auto bytes = in_ipv4(47, hex("0000 0800", ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre ipv4 udp");
  EXPECT_EQ(Gre::tunnel_id(packet.region(2)), std::nullopt);
  EXPECT_EQ(packet.field(2, "protocol"), "2048 (IPv4)");
  dissect_by_the_rules(bytes);
  EXPECT_EQ(dissect(in_ipv4(47, hex("0000 86dd", ipv6_udp))).layer_names(),
            "ethernet ipv4 gre ipv6 udp");
}

// GREv0, Flags [checksum present, key present, sequence# present], key=0x2a, seq 7, length 46
TEST(Gre, ReadsEveryOptionalField) {
  const auto bytes = in_ipv4(47, hex("b000 0800 1234 0000 0000 002a 0000 0007", ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre ipv4 udp");
  EXPECT_EQ(packet.layer(2).header_length, 16U);
  EXPECT_EQ(Gre::tunnel_id(packet.region(2)), 42U);
  EXPECT_EQ(packet.field(2, "checksum"), "4660");
  EXPECT_EQ(packet.field(2, "key"), "42");
  EXPECT_EQ(packet.field(2, "sequence_number"), "7");
  dissect_by_the_rules(bytes);
}

TEST(Gre, OpensBridgedFrames) {
  const auto bytes = in_ipv4(47, hex("2000 6558 0000 002a", ethernet_ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre ethernet ipv4 udp");
  EXPECT_EQ(Gre::tunnel_id(packet.region(2)), 42U);
  dissect_by_the_rules(bytes);
}

// GREv0, Flags [key present], key=0x138807 (subnet 5000, flow 7), proto TEB (0x6558)
TEST(Gre, ReadsTheVirtualSubnetOfNvgre) {
  const auto packet = dissect(in_ipv4(47, hex("2000 6558 0013 8807", ethernet_ipv4_udp)));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre ethernet ipv4 udp");
  EXPECT_EQ(Gre::tunnel_id(packet.region(2)), 5000U);
  EXPECT_EQ(packet.field(2, "key"), "1280007 (virtual subnet 5000)");
}

// GREv1, call 9, seq 1, ack 2, length 54: IP (0x0021), length 34: 192.0.2.1.1111 > …
TEST(Gre, OpensPppOfVersion1) {
  const auto bytes =
      in_ipv4(47, hex("3081 880b 0022 0009 0000 0001 0000 0002 ff03 0021", ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre ppp ipv4 udp");
  EXPECT_EQ(Gre::tunnel_id(packet.region(2)), 9U);
  EXPECT_TRUE(Gre::id_is_one_way_in(packet.region(2)));
  EXPECT_EQ(packet.field(2, "payload_length"), "34");
  EXPECT_EQ(packet.field(2, "acknowledgment_number"), "2");
  dissect_by_the_rules(bytes);
}

TEST(Gre, ExpectsNothingInAnAcknowledgementOfVersion1) {
  const auto packet = dissect(in_ipv4(47, hex("2081 880b 0000 0009 0000 0002")));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre");
  EXPECT_EQ(packet.fault(), "none");
}

TEST(Gre, OpensEthernetOfMikrotik) {
  const auto bytes = in_ipv4(47, hex("2001 6400 002c 1900", ethernet_ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre ethernet ipv4 udp");
  EXPECT_EQ(Gre::tunnel_id(packet.region(2)), 25U);
  EXPECT_FALSE(Gre::id_is_one_way_in(packet.region(2)));
  dissect_by_the_rules(bytes);
}

TEST(Gre, OpensRadioFramesOfAruba) {
  const auto bytes = in_ipv4(47, hex("0000 8240 0802 2c00 0200 0000 0001 0200 0000 0002"
                                     "0200 0000 0003 1000 aaaa 03 00 0000 0800",
                                     ipv4_udp));
  EXPECT_EQ(dissect(bytes).layer_names(), "ethernet ipv4 gre ieee802_11 llc snap ipv4 udp");
}

TEST(Gre, OpensRedirectedPackets) {
  const auto version_1 = in_ipv4(47, hex("0000 883e", ipv4_udp));
  const auto version_2 = in_ipv4(47, hex("0000 883e 0059 0048", ipv4_udp));
  EXPECT_EQ(dissect(version_1).layer_names(), "ethernet ipv4 gre ipv4 udp");
  EXPECT_EQ(dissect(version_2).layer_names(), "ethernet ipv4 gre wccp_redirect ipv4 udp");
  EXPECT_EQ(dissect(version_2).field(3, "service"), "89");
  dissect_by_the_rules(version_1);
  dissect_by_the_rules(version_2);
}

TEST(Gre, IsCheckedInUdp) {
  const auto bytes = in_udp(4754, hex("2000 0800 0000 002a", ipv4_udp));
  EXPECT_EQ(dissect(bytes).layer_names(), "ethernet ipv4 udp gre ipv4 udp");
  dissect_by_the_rules(bytes);
  EXPECT_EQ(dissect(in_udp(4754, hex("0123 0800", ipv4_udp))).layer_names(), "ethernet ipv4 udp");
  EXPECT_EQ(dissect(in_udp(4754, hex("0000 0021", ipv4_udp))).layer_names(), "ethernet ipv4 udp");
}

TEST(Gre, StopsAtRoutes) {
  const auto packet = dissect(in_ipv4(47, hex("4000 0800 0000 0000", ipv4_udp)));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre");
  EXPECT_EQ(packet.fault(), "none");
}

TEST(Gre, RefusesWhatContradictsItself) {
  EXPECT_EQ(dissect(in_ipv4(47, hex("0007 0800"))).fault(),
            "bad_version of gre at 34, needs 1 has 4");
  EXPECT_EQ(dissect(in_ipv4(47, hex("0001 880b"))).fault(),
            "bad_length of gre at 34, needs 8 has 4");
  EXPECT_EQ(dissect(in_ipv4(47, hex("b000 0800 1234 0000"))).fault(),
            "too_short of gre at 34, needs 16 has 8");
}

}  // namespace
}  // namespace tapdeck::test
