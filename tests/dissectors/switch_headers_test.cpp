#include "dissectors/fabric_path.h"
#include "dissectors/macsec.h"
#include "dissectors/provider_backbone.h"
#include "dissectors/service_header.h"
#include "dissectors/switch_tags.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

constexpr std::string_view check_value = "0102 0304 0506 0708 090a 0b0c 0d0e 0f10";

// ethertype 802.1ah (0x88e7), p 5, i-sid 256: the customer's frame
TEST(ProviderBackbone, OpensTheCustomersFrame) {
  const auto bytes = hex(macs, "88e7 a000 0100", ethernet_ipv4_udp);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet provider_backbone ethernet ipv4 udp");
  EXPECT_EQ(ProviderBackbone::tunnel_id(packet.region(1)), 256U);
  EXPECT_EQ(packet.field(1, "priority"), "5");
  dissect_by_the_rules(bytes);
}

TEST(FabricPath, OpensTheFrameBehindTheTag) {
  const auto bytes = hex(macs, "8903 0060", ethernet_ipv4_udp);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet fabric_path ethernet ipv4 udp");
  EXPECT_EQ(packet.field(1, "tree"), "1");
  EXPECT_EQ(packet.field(1, "hops_left"), "32");
  dissect_by_the_rules(bytes);
}

TEST(VnTag, LeadsToTheNextEtherType) {
  const auto bytes = hex(macs, "8926 8005 0007 8100 000b 0800", ipv4_udp);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet vn_tag vlan ipv4 udp");
  EXPECT_EQ(packet.field(1, "to_interface"), "1");
  EXPECT_EQ(packet.field(1, "destination_interface"), "5");
  EXPECT_EQ(packet.field(1, "source_interface"), "7");
  dissect_by_the_rules(bytes);
}

TEST(CiscoMetadata, LeadsToTheNextEtherType) {
  const auto bytes = hex(macs, "8909 0101 0001 0011 0800", ipv4_udp);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet cisco_metadata ipv4 udp");
  EXPECT_EQ(packet.field(1, "security_group"), "17");
  dissect_by_the_rules(bytes);
}

// an 0, pn 68, flags [none], sci 2eb73f3995c30001: ethertype IPv4, ICV of 16 octets
TEST(Macsec, OpensFramesThatAreOnlyAuthenticated) {
  const auto bytes =
      hex(macs, "88e5 2000 0000 0044 2eb7 3f39 95c3 0001 0800", ipv4_udp, check_value);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet macsec ipv4 udp");
  EXPECT_EQ(packet.region(2).length, 30U);
  EXPECT_EQ(packet.field(1, "packet_number"), "68");
  EXPECT_EQ(packet.field(1, "type"), "2048 (IPv4)");
  dissect_by_the_rules(bytes);
}

TEST(Macsec, LeavesPaddingOutOfShortFrames) {
  const auto packet = dissect(hex(macs, "88e5 0005 0000 0044 0003 4242 03 0000 0000", check_value));
  EXPECT_EQ(packet.layer_names(), "ethernet macsec llc");
  EXPECT_EQ(packet.region(2).length, 3U);
}

TEST(Macsec, StopsAtEncryptedFrames) {
  const auto packet = dissect(hex(macs, "88e5 0c00 0000 0044 0800", ipv4_udp, check_value));
  EXPECT_EQ(packet.layer_names(), "ethernet macsec");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.layer(1).header_length, 6U);
}

TEST(ServiceHeader, LeadsOnByItsNextProtocol) {
  const auto ip = hex(macs,
                      "894f 0fc6 0101 0000 0aff"
                      "0000 0000 0000 0000 0000 0000 0000 0000",
                      ipv4_udp);
  const auto packet = dissect(ip);
  EXPECT_EQ(packet.layer_names(), "ethernet nsh ipv4 udp");
  EXPECT_EQ(packet.layer(1).header_length, 24U);
  EXPECT_EQ(packet.field(1, "service_path"), "10");
  EXPECT_EQ(packet.field(1, "service_index"), "255");
  dissect_by_the_rules(ip);
  EXPECT_EQ(dissect(hex(macs, "894f 0fc2 0203 0000 0aff", ethernet_ipv4_udp)).layer_names(),
            "ethernet nsh ethernet ipv4 udp");
}

TEST(ServiceHeader, RefusesWhatContradictsItself) {
  EXPECT_EQ(dissect(hex(macs, "894f 0fc1 0101 0000 0aff")).fault(),
            "bad_length of nsh at 14, needs 8 has 8");
  EXPECT_EQ(dissect(hex(macs, "894f 4fc2 0101 0000 0aff")).fault(),
            "bad_version of nsh at 14, needs 0 has 8");
}

}  // namespace
}  // namespace tapdeck::test
