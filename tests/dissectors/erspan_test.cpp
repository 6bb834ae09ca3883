#include "dissectors/erspan.h"

#include "dissectors/etherip.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// GREv0, proto ERSPAN (0x88be), length 48: a mirrored frame without any header
TEST(Erspan, OpensTypeOne) {
  const auto bytes = in_ipv4(47, hex("0000 88be", ethernet_ipv4_udp));
  EXPECT_EQ(dissect(bytes).layer_names(), "ethernet ipv4 gre ethernet ipv4 udp");
  dissect_by_the_rules(bytes);
}

// GREv0, Flags [sequence# present], seq 1, proto ERSPAN (0x88be): session 100, vlan 7, index 3
TEST(Erspan, OpensTypeTwo) {
  const auto bytes = in_ipv4(47, hex("1000 88be 0000 0001 1007 a464 0000 0003", ethernet_ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre erspan ethernet ipv4 udp");
  EXPECT_EQ(Erspan::tunnel_id(packet.region(3)), 100U);
  EXPECT_EQ(packet.field(3, "version"), "1 (type II)");
  EXPECT_EQ(packet.field(3, "vlan_id"), "7");
  EXPECT_EQ(packet.field(3, "class_of_service"), "5");
  EXPECT_EQ(packet.field(3, "truncated"), "1");
  EXPECT_EQ(packet.field(3, "index"), "3");
  dissect_by_the_rules(bytes);
}

TEST(Erspan, OpensTypeThree) {
  const auto bytes =
      in_ipv4(47, hex("1000 22eb 0000 0001 2007 0064 0000 0009 0000 0000", ethernet_ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre erspan ethernet ipv4 udp");
  EXPECT_EQ(packet.field(3, "timestamp"), "9");
  dissect_by_the_rules(bytes);
}

TEST(Erspan, SkipsThePlatformHeaderOfTypeThree) {
  const auto packet = dissect(in_ipv4(47, hex("1000 22eb 0000 0001 2007 0064 0000 0009 0000 0001"
                                              "0102 0304 0506 0708",
                                              ethernet_ipv4_udp)));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre erspan ethernet ipv4 udp");
  EXPECT_EQ(packet.layer(3).header_length, 20U);
}

TEST(Erspan, OpensMirroredIp) {
  const auto packet =
      dissect(in_ipv4(47, hex("1000 22eb 0000 0001 2007 0064 0000 0009 0000 0800", ipv4_udp)));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 gre erspan ipv4 udp");
}

TEST(Erspan, RefusesOtherVersionsAndShortHeaders) {
  EXPECT_EQ(dissect(in_ipv4(47, hex("1000 88be 0000 0001 3007 0064 0000 0003"))).fault(),
            "bad_version of erspan at 42, needs 1 has 8");
  EXPECT_EQ(dissect(in_ipv4(47, hex("1000 22eb 0000 0001 2007 0064 0000 0009"))).fault(),
            "too_short of erspan at 42, needs 12 has 8");
}

// 203.0.113.1 > 203.0.113.2: etherip v3 length 46
TEST(EtherIp, OpensAFrame) {
  const auto bytes = in_ipv4(97, hex("3000", ethernet_ipv4_udp));
  EXPECT_EQ(dissect(bytes).layer_names(), "ethernet ipv4 etherip ethernet ipv4 udp");
  dissect_by_the_rules(bytes);
}

TEST(EtherIp, RefusesOtherVersions) {
  EXPECT_EQ(dissect(in_ipv4(97, hex("2000"))).fault(),
            "bad_version of etherip at 34, needs 3 has 2");
}

TEST(Ethernet, FollowsIpDirectly) {
  EXPECT_EQ(dissect(in_ipv4(143, hex(ethernet_ipv4_udp))).layer_names(),
            "ethernet ipv4 ethernet ipv4 udp");
}

}  // namespace
}  // namespace tapdeck::test
