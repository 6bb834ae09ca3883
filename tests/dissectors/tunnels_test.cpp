#include "dissectors/tunnels.h"

#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

std::vector<TunnelId> tunnels_in(const std::vector<std::byte>& bytes,
                                 LinkType link_type = LinkType::ethernet) {
  const auto packet = dissect(bytes, link_type);
  const auto list = tunnels_of(packet.dissection);
  return {list.begin(), list.end()};
}

TEST(Tunnels, AreNoneInAPlainPacket) {
  EXPECT_TRUE(tunnels_in(hex(ethernet_ipv4_udp)).empty());
  EXPECT_TRUE(tunnels_in({}).empty());
}

TEST(Tunnels, CarryTheirIds) {
  EXPECT_EQ(tunnels_in(in_udp(4789, hex("0800 0000 0000 6400", ethernet_ipv4_udp))),
            (std::vector<TunnelId>{{.protocol = protocol_of<Vxlan>, .id = 100}}));
  EXPECT_EQ(tunnels_in(in_ipv4(47, hex("0000 0800", ipv4_udp))),
            (std::vector<TunnelId>{{.protocol = protocol_of<Gre>}}));
}

TEST(Tunnels, SayWhereTheReceiverChoseTheId) {
  EXPECT_EQ(tunnels_in(in_udp(2152, hex("30ff 001e 0000 002a", ipv4_udp))),
            (std::vector<TunnelId>{{.protocol = protocol_of<GtpU>, .one_way = true, .id = 42}}));
  EXPECT_EQ(tunnels_in(in_ipv4(47, hex("3001 880b 0022 0009 0000 0001 ff03 0021", ipv4_udp))),
            (std::vector<TunnelId>{{.protocol = protocol_of<Gre>, .one_way = true, .id = 9}}));
}

TEST(Tunnels, AreListedOutermostFirst) {
  const auto bytes = hex(macs, "8847 0001 0040 0002 0140", ipv4_udp);
  EXPECT_EQ(tunnels_in(bytes),
            (std::vector<TunnelId>{{.protocol = protocol_of<Mpls>, .one_way = true, .id = 16},
                                   {.protocol = protocol_of<Mpls>, .one_way = true, .id = 32}}));
}

TEST(Tunnels, CountAnIpHeaderRightInAnother) {
  EXPECT_EQ(tunnels_in(in_ipv4(4, hex(ipv4_udp))),
            (std::vector<TunnelId>{{.protocol = protocol_of<Ipv4>}}));
  EXPECT_EQ(tunnels_in(in_ipv4(41, hex(ipv6_udp))),
            (std::vector<TunnelId>{{.protocol = protocol_of<Ipv6>}}));
  const auto authenticated = in_ipv4(51, hex("0401 0000 0000 0102 0000 0007", ipv4_udp));
  EXPECT_EQ(tunnels_in(authenticated), (std::vector<TunnelId>{{.protocol = protocol_of<Ipv4>}}));
}

TEST(Tunnels, LeaveOutWhatHoldsNoNetworkHeader) {
  EXPECT_TRUE(tunnels_in(in_udp(4789, hex("0800 0000 0000 6400", macs, "9999 0102"))).empty());
}

// 203.0.113.1 > 203.0.113.2: ICMP host unreachable, quoting 192.0.2.1.1111 > 198.51.100.2.2222
TEST(Tunnels, LeaveOutWhatAnErrorQuotes) {
  EXPECT_TRUE(tunnels_in(in_ipv4(1, hex("0301 0000 0000 0000", ipv4_udp))).empty());
}

std::uint64_t fingerprint_in(const std::vector<std::byte>& bytes) {
  return fingerprint_of_tunnels(dissect(bytes).dissection);
}

TEST(Tunnels, DifferInTheirFingerprintWhereTheirIdsDo) {
  const auto vxlan = [](std::string_view id) {
    return in_udp(4789, hex("0800 0000", id, ethernet_ipv4_udp));
  };
  EXPECT_EQ(fingerprint_in(hex(ethernet_ipv4_udp)), 0U);
  EXPECT_NE(fingerprint_in(vxlan("0000 0000")), 0U);
  EXPECT_NE(fingerprint_in(vxlan("0000 6400")), fingerprint_in(vxlan("0000 6500")));
  EXPECT_EQ(fingerprint_in(vxlan("0000 6400")), fingerprint_in(vxlan("0000 6400")));
  EXPECT_NE(fingerprint_in(vxlan("0000 6400")),
            fingerprint_in(in_udp(6081, hex("0000 6558 0000 6400", ethernet_ipv4_udp))));
}

TEST(Tunnels, LeaveIdsThatTheReceiverChoseOutOfTheirFingerprint) {
  EXPECT_EQ(fingerprint_in(in_udp(2152, hex("30ff 001e 0000 002a", ipv4_udp))), 0U);
}

TEST(Tunnels, HoldAsManyAsAPacketCanHave) {
  auto bytes = hex(macs, "8847");
  for (int label = 0; label < 22; ++label) {
    const auto entry = hex(label == 21 ? "0001 0140" : "0001 0040");
    bytes.insert(bytes.end(), entry.begin(), entry.end());
  }
  const auto packet = hex(ipv4_udp);
  bytes.insert(bytes.end(), packet.begin(), packet.end());
  EXPECT_EQ(tunnels_in(bytes).size(), 22U);
}

}  // namespace
}  // namespace tapdeck::test
