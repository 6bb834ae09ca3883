#include "dissectors/cisco_hdlc.h"
#include "dissectors/frame_relay.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// CHDLC, ethertype IPv4 (0x0800), length 34: 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(CiscoHdlc, LeadsToThePacketByEtherType) {
  const auto bytes = hex("0f00 0800", ipv4_udp);
  const auto packet = dissect(bytes, LinkType::cisco_hdlc);
  EXPECT_EQ(packet.layer_names(), "cisco_hdlc ipv4 udp");
  EXPECT_EQ(packet.field(0, "address"), "15 (unicast)");
  EXPECT_EQ(packet.field(0, "protocol"), "2048 (IPv4)");
  dissect_by_the_rules(bytes, LinkType::cisco_hdlc);
}

// CHDLC, SLARP (length: 18), keepalive: mineseen=0x00000001, yourseen=0x00000001
TEST(CiscoHdlc, NamesItsKeepAlives) {
  const auto packet =
      dissect(hex("8f00 8035 0000 0002 0000 0001 0000 0001 ffff"), LinkType::cisco_hdlc);
  EXPECT_EQ(packet.layer_names(), "cisco_hdlc");
  EXPECT_EQ(packet.field(0, "protocol"), "32821 (SLARP)");
}

TEST(CiscoHdlc, NeedsFourOctets) {
  EXPECT_EQ(dissect(hex("0f00 08"), LinkType::cisco_hdlc).fault(),
            "too_short of cisco_hdlc at 0, needs 4 has 3");
}

// FR, Q.922, hdr-len 2, DLCI 100, Flags [none], NLPID IPv4 (0xcc), length 34
TEST(FrameRelay, ReadsRfc2427) {
  const auto bytes = hex("1841 03 cc", ipv4_udp);
  const auto packet = dissect(bytes, LinkType::frame_relay);
  EXPECT_EQ(packet.layer_names(), "frame_relay ipv4 udp");
  EXPECT_EQ(packet.field(0, "dlci"), "100");
  EXPECT_EQ(packet.field(0, "nlpid"), "204 (IPv4)");
  dissect_by_the_rules(bytes, LinkType::frame_relay);
}

TEST(FrameRelay, ReadsIpv6AndSnap) {
  EXPECT_EQ(dissect(hex("1841 03 8e", ipv6_udp), LinkType::frame_relay).layer_names(),
            "frame_relay ipv6 udp");
  const auto snap = hex("1841 03 00 80 00 0000 0800", ipv4_udp);
  EXPECT_EQ(dissect(snap, LinkType::frame_relay).layer_names(), "frame_relay snap ipv4 udp");
  dissect_by_the_rules(snap, LinkType::frame_relay);
}

TEST(FrameRelay, ReadsPpp) {
  EXPECT_EQ(dissect(hex("1841 03 cf 0021", ipv4_udp), LinkType::frame_relay).layer_names(),
            "frame_relay ppp ipv4 udp");
}

TEST(FrameRelay, ReadsABridgedFrame) {
  const auto bytes = hex("1841 03 00 80 00 80c2 0007", ethernet_ipv4_udp);
  EXPECT_EQ(dissect(bytes, LinkType::frame_relay).layer_names(),
            "frame_relay snap ethernet ipv4 udp");
}

TEST(FrameRelay, ReadsCiscosEncapsulation) {
  const auto bytes = hex("184f 0800", ipv4_udp);
  const auto packet = dissect(bytes, LinkType::frame_relay);
  EXPECT_EQ(packet.layer_names(), "frame_relay ipv4 udp");
  EXPECT_EQ(packet.field(0, "type"), "2048 (IPv4)");
  EXPECT_EQ(packet.field(0, "forward_congestion"), "1");
  EXPECT_EQ(packet.field(0, "discard_eligible"), "1");
  dissect_by_the_rules(bytes, LinkType::frame_relay);
}

// FR, Q.922, hdr-len 4, DLCI 827394, NLPID IPv4
TEST(FrameRelay, ReadsLongAddresses) {
  const auto packet = dissect(hex("c890 0209 03 cc", ipv4_udp), LinkType::frame_relay);
  EXPECT_EQ(packet.layer_names(), "frame_relay ipv4 udp");
  EXPECT_EQ(packet.field(0, "dlci"), std::to_string(((50U << 4U | 9U) << 7U | 1U) << 6U | 2U));
}

// FR, Q.922, hdr-len 2, DLCI 0, NLPID Q.933 (0x08): local management
TEST(FrameRelay, NamesLocalManagement) {
  const auto packet = dissect(hex("0001 03 08 0075 9501 0100"), LinkType::frame_relay);
  EXPECT_EQ(packet.layer_names(), "frame_relay");
  EXPECT_EQ(packet.dissection.unknown, by_nlpid(0x08));
}

TEST(FrameRelay, RefusesAddressesWithoutEnd) {
  EXPECT_EQ(dissect(hex("1840 0000 00 cc"), LinkType::frame_relay).fault(),
            "bad_length of frame_relay at 0, needs 4 has 6");
  EXPECT_EQ(dissect(hex("19 03 cc"), LinkType::frame_relay).fault(),
            "bad_length of frame_relay at 0, needs 4 has 3");
}

TEST(FrameRelay, SaysHowMuchIsMissing) {
  EXPECT_EQ(dissect({}, LinkType::frame_relay).fault(),
            "too_short of frame_relay at 0, needs 2 has 0");
  EXPECT_EQ(dissect(hex("1841 03"), LinkType::frame_relay).fault(),
            "too_short of frame_relay at 0, needs 4 has 3");
}

}  // namespace
}  // namespace tapdeck::test
