#include "dissectors/teredo.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

constexpr auto names = "ethernet ipv4 udp teredo ipv6 udp";

// 203.0.113.1.50000 > 203.0.113.2.3544: 2001:db8::1.1111 > 2001:db8::2.2222: UDP, length 2
TEST(Teredo, OpensIpv6) {
  const auto bytes = in_udp(3544, hex(ipv6_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), names);
  EXPECT_EQ(packet.layer(3).header_length, 0U);
  EXPECT_EQ(packet.dissection.tunnel_layers, 1);
  dissect_by_the_rules(bytes);
}

TEST(Teredo, ReadsAnOriginIndication) {
  const auto bytes = in_udp(3544, hex("0000 3caf 34ff 8efe", ipv6_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), names);
  EXPECT_EQ(packet.field(3, "origin_port"), "50000");
  EXPECT_EQ(packet.field(3, "origin_address"), "203.0.113.1");
  dissect_by_the_rules(bytes);
}

TEST(Teredo, ReadsAuthenticationBeforeTheOrigin) {
  const auto bytes = in_udp(3544, hex("0001 0204 aabb 0102 0304 0000 0000 0000 002a 01"
                                      "0000 3caf 34ff 8efe",
                                      ipv6_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), names);
  EXPECT_EQ(packet.layer(3).header_length, 27U);
  EXPECT_EQ(packet.field(3, "nonce"), "42");
  EXPECT_EQ(packet.field(3, "confirmation"), "1");
  EXPECT_EQ(packet.field(3, "origin_port"), "50000");
  dissect_by_the_rules(bytes);
}

TEST(Teredo, LeavesWhatIsNoIpv6ToUdp) {
  EXPECT_EQ(dissect(in_udp(3544, hex(ipv4_udp, "0000 0000 0000 0000 0000"))).layer_names(),
            "ethernet ipv4 udp");
  EXPECT_EQ(dissect(in_udp(3544, hex("6869"))).layer_names(), "ethernet ipv4 udp");
  auto longer_than_its_datagram = hex(ipv6_udp);
  longer_than_its_datagram[5] = std::byte{0x0b};
  EXPECT_EQ(dissect(in_udp(3544, longer_than_its_datagram)).layer_names(), "ethernet ipv4 udp");
}

}  // namespace
}  // namespace tapdeck::test
