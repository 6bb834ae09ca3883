#include "dissectors/gtp_u.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// 203.0.113.1.50000 > 203.0.113.2.2152: GTP-U G-PDU, teid 0x2a, length 30
TEST(GtpU, OpensAUsersPacket) {
  const auto bytes = in_udp(2152, hex("30ff 001e 0000 002a", ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp gtp_u ipv4 udp");
  EXPECT_EQ(GtpU::tunnel_id(packet.region(3)), 42U);
  EXPECT_EQ(packet.field(3, "message_type"), "255 (user packet (G-PDU))");
  EXPECT_EQ(packet.field(3, "teid"), "42");
  dissect_by_the_rules(bytes);
}

TEST(GtpU, SkipsOptionalFields) {
  const auto bytes = in_udp(2152, hex("32ff 0036 0000 002a 0007 0000", ipv6_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp gtp_u ipv6 udp");
  EXPECT_EQ(packet.layer(3).header_length, 12U);
  EXPECT_EQ(packet.field(3, "sequence_number"), "7");
  dissect_by_the_rules(bytes);
}

TEST(GtpU, WalksExtensionHeaders) {
  const auto bytes =
      in_udp(2152, hex("34ff 002a 0000 002a 0000 0085 0110 0940 0108 6800", ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp gtp_u ipv4 udp");
  EXPECT_EQ(packet.layer(3).header_length, 20U);
  EXPECT_EQ(packet.field(3, "extension"), "133 (PDU session container)");
  dissect_by_the_rules(bytes);
}

TEST(GtpU, LeavesAChainWithoutEndToUdp) {
  EXPECT_EQ(dissect(in_udp(2152, hex("34ff 0008 0000 002a 0000 0085 0010 0985"))).layer_names(),
            "ethernet ipv4 udp");
  EXPECT_EQ(dissect(in_udp(2152, hex("34ff 0008 0000 002a 0000 0085 ff10 0985"))).layer_names(),
            "ethernet ipv4 udp");
}

TEST(GtpU, NamesOtherMessages) {
  const auto packet = dissect(in_udp(2152, hex("3201 0004 0000 0000 0001 0000")));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp gtp_u");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.field(3, "message_type"), "1 (echo request)");
}

TEST(GtpU, LeavesWhatDoesNotFitToUdp) {
  for (const auto* header :
       {"50ff 0000 0000 002a", "20ff 0000 0000 002a", "30ff 0001 0000 002a", "30ff 0000 0000"}) {
    const auto packet = dissect(in_udp(2152, hex(header)));
    EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp") << header;
    EXPECT_EQ(packet.fault(), "none");
  }
}

TEST(GtpU, LeavesAPayloadThatIsNoIp) {
  const auto packet = dissect(in_udp(2152, hex("30ff 0002 0000 002a 0102")));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp gtp_u");
  EXPECT_EQ(packet.dissection.network, 1);
  EXPECT_EQ(packet.dissection.transport, 2);
}

}  // namespace
}  // namespace tapdeck::test
