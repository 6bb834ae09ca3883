#include "dissectors/geneve.h"
#include "dissectors/vxlan.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// 203.0.113.1.50000 > 203.0.113.2.4789: VXLAN, flags [I] (0x08), vni 100
TEST(Vxlan, OpensAFrame) {
  for (const std::uint16_t port : {std::uint16_t{4789}, std::uint16_t{8472}}) {
    const auto bytes = in_udp(port, hex("0800 0000 0000 6400", ethernet_ipv4_udp));
    const auto packet = dissect(bytes);
    EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp vxlan ethernet ipv4 udp");
    EXPECT_EQ(Vxlan::tunnel_id(packet.region(3)), 100U);
    EXPECT_EQ(packet.dissection.network, 5);
    EXPECT_EQ(packet.dissection.transport, 6);
    dissect_by_the_rules(bytes);
  }
}

TEST(Vxlan, ReadsAPolicyGroup) {
  const auto packet = dissect(in_udp(4789, hex("8800 0007 0000 6400", ethernet_ipv4_udp)));
  EXPECT_EQ(packet.field(3, "policy_group"), "7");
}

TEST(Vxlan, IsFoundBySourcePortToo) {
  auto bytes = in_udp(4790, hex("0800 0000 0000 6400", ethernet_ipv4_udp));
  put_big_endian(bytes, 34, 4789);
  put_big_endian(bytes, 36, 60'000);
  EXPECT_EQ(dissect(bytes).layer_names(), "ethernet ipv4 udp vxlan ethernet ipv4 udp");
}

TEST(Vxlan, LeavesWhatDoesNotFitToUdp) {
  for (const auto* header : {"0000 0000 0000 6400", "0900 0000 0000 6400", "0800 0000 0000 6401",
                             "0800 0000 0000 64", ""}) {
    const auto packet = dissect(in_udp(4789, hex(header)));
    EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp") << header;
    EXPECT_EQ(packet.fault(), "none");
    EXPECT_EQ(packet.dissection.transport, 2);
  }
}

TEST(Vxlan, SaysThatItsHeaderIsCut) {
  auto whole = in_udp(4789, hex("0800 0000 0000 6400", ethernet_ipv4_udp));
  const auto length = static_cast<std::uint32_t>(whole.size());
  whole.resize(46);
  EXPECT_EQ(dissect(whole, LinkType::ethernet, {.wire_length = length}).fault(),
            "cut_short of vxlan at 42, needs 8 has 4");
}

TEST(VxlanGpe, LeadsOnByItsNextProtocol) {
  struct Sample {
    std::string_view header;
    std::string_view packet;
    std::string_view names;
  };
  for (const Sample& sample :
       {Sample{"0c00 0001 0000 6400", ipv4_udp, "ipv4 udp"},
        Sample{"0c00 0002 0000 6400", ipv6_udp, "ipv6 udp"},
        Sample{"0c00 0003 0000 6400", ethernet_ipv4_udp, "ethernet ipv4 udp"},
        Sample{"0800 0000 0000 6400", ethernet_ipv4_udp, "ethernet ipv4 udp"}}) {
    const auto bytes = in_udp(4790, hex(sample.header, sample.packet));
    const auto packet = dissect(bytes);
    EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp vxlan_gpe " + std::string(sample.names));
    EXPECT_EQ(VxlanGpe::tunnel_id(packet.region(3)), 100U);
    dissect_by_the_rules(bytes);
  }
}

TEST(VxlanGpe, IsRecognizedOnThePortOfVxlan) {
  EXPECT_EQ(dissect(in_udp(4789, hex("0c00 0003 0000 6400", ethernet_ipv4_udp))).layer_names(),
            "ethernet ipv4 udp vxlan_gpe ethernet ipv4 udp");
}

TEST(VxlanGpe, LeavesWhatDoesNotFitToUdp) {
  for (const auto* header :
       {"0000 0000 0000 6400", "1c00 0001 0000 6400", "0c01 0001 0000 6400", "0c00 0001 0000 64"}) {
    EXPECT_EQ(dissect(in_udp(4790, hex(header))).layer_names(), "ethernet ipv4 udp") << header;
  }
}

// 203.0.113.1.50000 > 203.0.113.2.6081: Geneve, Flags [none], vni 0x64, proto TEB (0x6558)
TEST(Geneve, OpensAFrame) {
  const auto bytes = in_udp(6081, hex("0000 6558 0000 6400", ethernet_ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp geneve ethernet ipv4 udp");
  EXPECT_EQ(Geneve::tunnel_id(packet.region(3)), 100U);
  EXPECT_EQ(packet.field(3, "protocol"), "25944 (Ethernet)");
  dissect_by_the_rules(bytes);
}

TEST(Geneve, SkipsOptions) {
  const auto bytes = in_udp(6081, hex("0240 0800 0000 6400 0102 8001 0000 002a", ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp geneve ipv4 udp");
  EXPECT_EQ(packet.layer(3).header_length, 16U);
  EXPECT_EQ(packet.field(3, "critical_options"), "1");
  EXPECT_EQ(packet.field(3, "options"), "01 02 80 01 00 00 00 2a");
  dissect_by_the_rules(bytes);
}

TEST(Geneve, LeavesWhatDoesNotFitToUdp) {
  for (const auto* header : {"4000 6558 0000 6400", "0001 6558 0000 6400", "0000 0021 0000 6400",
                             "0000 6558 0000 6401", "3f00 6558 0000 6400", "0000 6558"}) {
    const auto packet = dissect(in_udp(6081, hex(header)));
    EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp") << header;
    EXPECT_EQ(packet.fault(), "none");
  }
}

}  // namespace
}  // namespace tapdeck::test
