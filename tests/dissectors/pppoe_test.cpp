#include "dissectors/pppoe.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// ethertype PPPoE S (0x8864), length 52: PPPoE [ses 0x1234] PPP-IP (0x0021), length 32:
//   192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(Pppoe, OpensASession) {
  const auto bytes = hex(macs, "8864 1100 1234 0020 0021", ipv4_udp, "0000 0000");
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet pppoe ppp ipv4 udp");
  EXPECT_EQ(packet.region(2).length, 32U);
  EXPECT_EQ(Pppoe::tunnel_id(packet.region(1)), 0x1234U);
  EXPECT_EQ(packet.field(1, "code"), "0 (session data)");
  dissect_by_the_rules(bytes);
}

// ethertype PPPoE D (0x8863), length 24: PPPoE PADI [Service-Name]
TEST(Pppoe, NamesDiscovery) {
  const auto packet = dissect(hex(macs, "8863 1109 0000 0004 0101 0000"));
  EXPECT_EQ(packet.layer_names(), "ethernet pppoe");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.field(1, "code"), "9 (active discovery initiation (PADI))");
}

TEST(Pppoe, StartsFramesOfItsOwnLinkType) {
  EXPECT_EQ(dissect(hex("1100 0001 0020 0021", ipv4_udp), LinkType::ppp_ether).layer_names(),
            "pppoe ppp ipv4 udp");
}

TEST(Pppoe, RefusesOtherVersions) {
  EXPECT_EQ(dissect(hex(macs, "8864 2100 1234 0020 0021", ipv4_udp)).fault(),
            "bad_version of pppoe at 14, needs 17 has 38");
}

TEST(Pppoe, ClipsALengthBeyondTheFrame) {
  const auto packet = dissect(hex(macs, "8864 1100 1234 ffff 0021", ipv4_udp));
  EXPECT_EQ(packet.layer_names(), "ethernet pppoe ppp ipv4 udp");
  EXPECT_EQ(packet.region(2).length, 32U);
}

TEST(Pppoe, NeedsSixOctets) {
  EXPECT_EQ(dissect(hex(macs, "8864 1100 12")).fault(), "too_short of pppoe at 14, needs 6 has 3");
}

}  // namespace
}  // namespace tapdeck::test
