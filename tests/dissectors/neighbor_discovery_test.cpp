#include <gtest/gtest.h>

#include "dissectors/registry.h"
#include "tests/support/dissect.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/hex.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::dissect_by_the_rules;
using test::hex;
using test::layer_text;

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 16) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, router solicitation, length 16 source link-address option (1), length 8 (1):
// 02:00:00:00:00:01
TEST(NeighborDiscovery, ShowsRouterSolicitation) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0010 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8500 1c11 0000 0000 0101 0200 0000 0001"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 133 (router solicitation)
1+1 code: 0
2+2 checksum: 0x1c11 (good)
4+4 reserved: 0x00000000
8+8 source_link_layer_address: 02 00 00 00 00 01
  8+1 type: 1
  9+1 length: 1 (units of 8 octets)
  10+6 address: 02:00:00:00:00:01
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 112) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, router advertisement, length 112 hop limit 64, Flags [managed, other stateful],
// pref low, router lifetime 1800s, reachable time 30000ms, retrans timer 1000ms prefix info
// option (3), length 32 (4): 2001:db8:1::/64, Flags [onlink, auto], valid time 86400s, pref. time
// infinity mtu option (5), length 8 (1): 1500 rdnss option (25), length 24 (3): lifetime 600s,
// addr: 2001:db8::53 route info option (24), length 16 (2): 2001:db8:2::/48, pref=low,
// lifetime=600s unknown option (14), length 8 (1): 0x0000: 0102 0304 0506
TEST(NeighborDiscovery, ShowsRouterAdvertisement) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0070 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8600 4731 40d8 0708 0000 7530 0000 03e8 0304 40c0 0001 5180 "
          "ffff ffff 0000 0000 2001 0db8 0001 0000 0000 0000 0000 0000 0501 0000 0000 05dc "
          "1903 0000 0000 0258 2001 0db8 0000 0000 0000 0000 0000 0053 1802 3018 0000 0258 "
          "2001 0db8 0002 0000 0e01 0102 0304 0506 6301 0605 0403 0201"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 134 (router advertisement)
1+1 code: 0
2+2 checksum: 0x4731 (good)
4+1 current_hop_limit: 64 (0: unspecified)
5+1 flags: 0xd8
  5+1 managed_addresses: 1
  5+1 other_configuration: 1
  5+1 home_agent: 0
  5+1 preference: 3 (low)
  5+1 proxy: 0
6+2 router_lifetime: 1800 (seconds)
8+4 reachable_time: 30000 (milliseconds, 0: unspecified)
12+4 retransmission_timer: 1000 (milliseconds, 0: unspecified)
16+32 prefix_information: 40 c0 00 01 51 80 ff ff ff ff 00 00 00 00 20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 00
  16+1 type: 3
  17+1 length: 4 (units of 8 octets)
  18+1 prefix_length: 64 (bits)
  19+1 flags: 0xc0
    19+1 on_link: 1
    19+1 autonomous: 1
    19+1 router_address: 0
  20+4 valid_lifetime: 86400 (seconds)
  24+4 preferred_lifetime: 4294967295 (infinite)
  28+4 reserved: 0x00000000
  32+16 prefix: 2001:db8:1::
48+8 mtu: 00 00 00 00 05 dc
  48+1 type: 5
  49+1 length: 1 (units of 8 octets)
  50+2 reserved: 0x0000
  52+4 mtu: 1500 (octets)
56+24 recursive_dns_server: 00 00 00 00 02 58 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 53
  56+1 type: 25
  57+1 length: 3 (units of 8 octets)
  58+2 reserved: 0x0000
  60+4 lifetime: 600 (seconds)
  64+16 address: 2001:db8::53
80+16 route_information: 30 18 00 00 02 58 20 01 0d b8 00 02 00 00
  80+1 type: 24
  81+1 length: 2 (units of 8 octets)
  82+1 prefix_length: 48 (bits)
  83+1 flags: 0x18 (preference low)
  84+4 route_lifetime: 600 (seconds)
  88+8 prefix: 20 01 0d b8 00 02 00 00
96+8 nonce: 01 02 03 04 05 06
  96+1 type: 14
  97+1 length: 1 (units of 8 octets)
  98+6 data: 01 02 03 04 05 06
104+8 option: 06 05 04 03 02 01 (unknown, type 99)
  104+1 type: 99
  105+1 length: 1 (units of 8 octets)
  106+6 data: 06 05 04 03 02 01
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 32) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, neighbor solicitation, length 32, who has 2001:db8::10 source link-address
// option (1), length 8 (1): 02:00:00:00:00:01
TEST(NeighborDiscovery, ShowsNeighborSolicitation) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0020 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8700 ec37 0000 0000 2001 0db8 0000 0000 0000 0000 0000 0010 "
          "0101 0200 0000 0001"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 135 (neighbor solicitation)
1+1 code: 0
2+2 checksum: 0xec37 (good)
4+4 reserved: 0x00000000
8+16 target: 2001:db8::10
24+8 source_link_layer_address: 02 00 00 00 00 01
  24+1 type: 1
  25+1 length: 1 (units of 8 octets)
  26+6 address: 02:00:00:00:00:01
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 32) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, neighbor advertisement, length 32, tgt is 2001:db8::10, Flags [router,
// solicited, override] destination link-address option (2), length 8 (1): 02:00:00:00:00:01
TEST(NeighborDiscovery, ShowsNeighborAdvertisement) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0020 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8800 0a37 e000 0000 2001 0db8 0000 0000 0000 0000 0000 0010 "
          "0201 0200 0000 0001"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 136 (neighbor advertisement)
1+1 code: 0
2+2 checksum: 0x0a37 (good)
4+4 flags: 0xe0000000
  4+1 router: 1
  4+1 solicited: 1
  4+1 override: 1
8+16 target: 2001:db8::10
24+8 target_link_layer_address: 02 00 00 00 00 01
  24+1 type: 2
  25+1 length: 1 (units of 8 octets)
  26+6 address: 02:00:00:00:00:01
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 96) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, redirect, length 96, 2001:db8::10 to fe80::1 redirected header option (4),
// length 56 (7): 0x0000: 0407 0000 0000 0000 6000 0000 000d 1140 0x0010: 2001 0db8 0000 0000 0000
// 0000 0000 0010 0x0020: 2001 0db8 0000 0000 0000 0000 0000 0020 0x0030: 1388 0035 000d 4ca3
TEST(NeighborDiscovery, ShowsRedirect) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0060 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8900 bd13 0000 0000 fe80 0000 0000 0000 0000 0000 0000 0001 "
          "2001 0db8 0000 0000 0000 0000 0000 0010 0407 0000 0000 0000 6000 0000 000d 1140 "
          "2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 0000 0000 0000 0020 "
          "1388 0035 000d 4ca3"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 137 (redirect)
1+1 code: 0
2+2 checksum: 0xbd13 (good)
4+4 reserved: 0x00000000
8+16 target: fe80::1
24+16 destination: 2001:db8::10
40+56 redirected_header: 00 00 00 00 00 00 60 00 00 00 00 0d 11 40 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 10 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 20 13 88 00 35 00 0d 4c a3
  40+1 type: 4
  41+1 length: 7 (units of 8 octets)
  42+6 reserved: 00 00 00 00 00 00
  48+48 packet: 60 00 00 00 00 0d 11 40 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 10 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 20 13 88 00 35 00 0d 4c a3
)");
}

TEST(NeighborDiscovery, ShowsMalformedOptionsAsTheyAre) {
  const auto field_of = [](std::string_view option, std::string_view name) {
    const auto bytes = hex("60000000 0010 3a ff 20010db8000000000000000000000020",
                           "20010db8000000000000000000000010 8500 0000 00000000", option);
    return dissect(bytes, LinkType::ipv6).field(1, name);
  };
  EXPECT_EQ(field_of("0100 020000000001", "malformed_options"), "01 00 02 00 00 00 00 01");
  EXPECT_EQ(field_of("0102 020000000001", "malformed_options"), "01 02 02 00 00 00 00 01");
  EXPECT_EQ(field_of("0301 020000000001", "valid_lifetime"), "1 (seconds)");
}

}  // namespace
}  // namespace tapdeck
