#include "dissectors/ipsec.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// 203.0.113.1 > 203.0.113.2: AH(spi=0x00000102,seq=0x7): 1111 > 2222: UDP, length 2
TEST(AuthenticationHeader, LeadsToTheNextHeader) {
  const auto bytes = in_ipv4(51, hex("1104 0000 0000 0102 0000 0007 0102 0304 0506 0708 090a 0b0c"
                                     "0457 08ae 000a 0000 6869"));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 ah udp");
  EXPECT_EQ(packet.dissection.tunnel_layers, 0);
  EXPECT_EQ(packet.dissection.transport, 3);
  EXPECT_EQ(packet.field(2, "next_header"), "17 (UDP)");
  EXPECT_EQ(packet.field(2, "security_parameters_index"), "258");
  EXPECT_EQ(packet.field(2, "sequence_number"), "7");
  EXPECT_EQ(packet.field(2, "integrity_check_value"), "01 02 03 04 05 06 07 08 09 0a 0b 0c");
  dissect_by_the_rules(bytes);
}

TEST(AuthenticationHeader, OpensTunnelMode) {
  EXPECT_EQ(dissect(in_ipv4(51, hex("0401 0000 0000 0102 0000 0007", ipv4_udp))).layer_names(),
            "ethernet ipv4 ah ipv4 udp");
}

TEST(AuthenticationHeader, RefusesWrongLengths) {
  EXPECT_EQ(dissect(in_ipv4(51, hex("1100 0000 0000 0102 0000 0007"))).fault(),
            "bad_length of ah at 34, needs 12 has 12");
  EXPECT_EQ(dissect(in_ipv4(51, hex("11ff 0000 0000 0102 0000 0007"))).fault(),
            "too_short of ah at 34, needs 1028 has 12");
  EXPECT_EQ(dissect(in_ipv4(51, hex("1104 0000"))).fault(),
            "too_short of ah at 34, needs 12 has 4");
}

// 203.0.113.1 > 203.0.113.2: ESP(spi=0x00000102,seq=0x7), length 12
TEST(Esp, IsNamedAndEndsThere) {
  const auto bytes = in_ipv4(50, hex("0000 0102 0000 0007 4500 0000"));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 esp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.dissection.payload.length, 4U);
  EXPECT_EQ(packet.field(2, "security_parameters_index"), "258");
  dissect_by_the_rules(bytes);
}

TEST(Esp, NeedsEightOctets) {
  EXPECT_EQ(dissect(in_ipv4(50, hex("0000 0102"))).fault(),
            "too_short of esp at 34, needs 8 has 4");
}

}  // namespace
}  // namespace tapdeck::test
