#include "dissectors/infiniband.h"
#include "dissectors/nflog.h"
#include "dissectors/per_packet_information.h"
#include "dissectors/token_ring.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

constexpr std::string_view llc_snap = "aaaa 03 00 0000 0800";

// 02:00:00:00:00:02 > 02:00:00:00:00:01: LLC, SNAP: 192.0.2.1.1111 > 198.51.100.2.2222: UDP
TEST(TokenRing, LeadsToLlc) {
  const auto bytes = hex("1040 0200 0000 0001 0200 0000 0002", llc_snap, ipv4_udp);
  const auto packet = dissect(bytes, LinkType::token_ring);
  EXPECT_EQ(packet.layer_names(), "token_ring llc snap ipv4 udp");
  EXPECT_EQ(packet.field(0, "source"), "02:00:00:00:00:02");
  dissect_by_the_rules(bytes, LinkType::token_ring);
}

TEST(TokenRing, SkipsASourceRoute) {
  const auto bytes = hex("1040 0200 0000 0001 8200 0000 0002 0610 0011 0020", llc_snap, ipv4_udp);
  const auto packet = dissect(bytes, LinkType::token_ring);
  EXPECT_EQ(packet.layer_names(), "token_ring llc snap ipv4 udp");
  EXPECT_EQ(packet.field(0, "source"), "02:00:00:00:00:02");
  EXPECT_EQ(packet.field(0, "route"), "06 10 00 11 00 20");
  dissect_by_the_rules(bytes, LinkType::token_ring);
}

TEST(TokenRing, StopsAtFramesOfTheRingItself) {
  EXPECT_EQ(
      dissect(hex("1000 0200 0000 0001 0200 0000 0002 0102"), LinkType::token_ring).layer_names(),
      "token_ring");
}

TEST(TokenRing, RefusesARouteWithoutLength) {
  EXPECT_EQ(dissect(hex("1040 0200 0000 0001 8200 0000 0002 0010"), LinkType::token_ring).fault(),
            "bad_length of token_ring at 0, needs 2 has 16");
}

// V.0 DLT EN10MB (1) len 12: 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(PerPacketInformation, LeadsToTheLinkTypeThatItNames) {
  const auto bytes = hex("0000 0c00 0100 0000 0102 0304", ethernet_ipv4_udp);
  const auto packet = dissect(bytes, LinkType::per_packet_information);
  EXPECT_EQ(packet.layer_names(), "ppi ethernet ipv4 udp");
  EXPECT_EQ(packet.field(0, "link_type"), "1");
  dissect_by_the_rules(bytes, LinkType::per_packet_information);
}

TEST(PerPacketInformation, NamesALinkTypeThatNobodyKnows) {
  const auto packet = dissect(hex("0000 0800 e700 0000 01"), LinkType::per_packet_information);
  EXPECT_EQ(packet.dissection.unknown, by(LinkType{231}));
}

TEST(PerPacketInformation, RefusesWrongLengthsAndVersions) {
  EXPECT_EQ(dissect(hex("0000 0700 0100 0000"), LinkType::per_packet_information).fault(),
            "bad_length of ppi at 0, needs 8 has 8");
  EXPECT_EQ(dissect(hex("0100 0800 0100 0000"), LinkType::per_packet_information).fault(),
            "bad_version of ppi at 0, needs 0 has 8");
}

// version 0, resource ID 5, family IPv4 (2): 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(Nflog, FindsThePacketAmongTheValues) {
  const auto bytes = hex("0200 0005 0800 0100 0800 0100 0500 0a00 0000 0000 2200 0900", ipv4_udp);
  const auto packet = dissect(bytes, LinkType::nflog);
  EXPECT_EQ(packet.layer_names(), "nflog ipv4 udp");
  EXPECT_EQ(packet.layer(0).header_length, 24U);
  EXPECT_EQ(packet.region(1).length, 30U);
  EXPECT_EQ(packet.field(0, "group"), "5");
  dissect_by_the_rules(bytes, LinkType::nflog);
}

TEST(Nflog, RefusesAValueThatDoesNotEnd) {
  EXPECT_EQ(dissect(hex("0200 0005 0000 0100 0800 0100"), LinkType::nflog).fault(),
            "bad_length of nflog at 0, needs 4 has 12");
}

TEST(Nflog, SaysThatThePacketIsMissing) {
  EXPECT_EQ(dissect(hex("0200 0005 0800 0100 0800 0100"), LinkType::nflog).fault(),
            "too_short of nflog at 0, needs 16 has 12");
}

TEST(Infiniband, LeadsToThePacketByEtherType) {
  const auto bytes =
      hex("0000 0000 0000 0000 0000 0000 0000 0000 0000 0000"
          "8000 0550 fe80 0000 0000 0000 0010 e000 664a b451 0800 0000",
          ipv4_udp);
  const auto packet = dissect(bytes, LinkType::infiniband);
  EXPECT_EQ(packet.layer_names(), "infiniband ipv4 udp");
  EXPECT_EQ(packet.field(0, "type"), "2048 (IPv4)");
  dissect_by_the_rules(bytes, LinkType::infiniband);
}

TEST(Infiniband, NeedsFortyFourOctets) {
  EXPECT_EQ(dissect(hex("0000"), LinkType::infiniband).fault(),
            "too_short of infiniband at 0, needs 44 has 2");
}

}  // namespace
}  // namespace tapdeck::test
