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

// IP6 (hlim 64, next-header Routing (43) payload length: 34) 2001:db8::10 > 2001:db8::20: RT6
// (len=2, type=0 [Deprecated], segleft=1, rsv=0x0, [0]2001:db8::99) 5000 > 53: [udp sum ok]
// domain [length 2 < 12] (invalid)
TEST(RoutingHeader, ShowsSourceRoute) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0022 2b40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 1102 0001 0000 0000 2001 0db8 0000 0000 0000 0000 0000 0099 "
          "1388 0035 000a 1dd2 7230"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 routing udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 next_header: 17 (UDP)
1+1 header_extension_length: 2 (24 octets)
2+1 routing_type: 0 (source route (deprecated, RFC 5095))
3+1 segments_left: 1
4+4 reserved: 0x00000000
8+16 address: 2001:db8::99 ([0])
)");
  EXPECT_EQ(layer_text(packet.dissection, 2), R"(0+2 source_port: 5000
2+2 destination_port: 53
4+2 length: 10 (octets)
6+2 checksum: 0x1dd2 (good)
)");
}

// IP6 (hlim 64, next-header Routing (43) payload length: 34) 2001:db8::10 > 2001:db8::20: RT6
// (len=2, type=2, segleft=1, rsv=0x0, [0]2001:db8::99) 5000 > 53: [udp sum ok] domain [length 2 <
// 12] (invalid)
TEST(RoutingHeader, ShowsMobility) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0022 2b40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 1102 0201 0000 0000 2001 0db8 0000 0000 0000 0000 0000 0099 "
          "1388 0035 000a 1dd0 7232"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 routing udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 next_header: 17 (UDP)
1+1 header_extension_length: 2 (24 octets)
2+1 routing_type: 2 (mobility (RFC 6275))
3+1 segments_left: 1
4+4 reserved: 0x00000000
8+16 address: 2001:db8::99 ([0])
)");
  EXPECT_EQ(layer_text(packet.dissection, 2), R"(0+2 source_port: 5000
2+2 destination_port: 53
4+2 length: 10 (octets)
6+2 checksum: 0x1dd0 (good)
)");
}

// IP6 (hlim 64, next-header Routing (43) payload length: 26) 2001:db8::10 > 2001:db8::20: RT6
// (len=1, type=3, segleft=2 (unknown type) (invalid)
TEST(RoutingHeader, ShowsCompressedRoute) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 001a 2b40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 1101 0302 fe50 0000 2100 9900 0000 0000 1388 0035 000a 1dcf "
          "7233"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 routing udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 next_header: 17 (UDP)
1+1 header_extension_length: 1 (16 octets)
2+1 routing_type: 3 (RPL source route (RFC 6554))
3+1 segments_left: 2
4+4 compression_and_padding: 0xfe500000
  4+1 elided: 15 (octets of each address)
  4+1 elided_last: 14 (octets of the last address)
  5+1 padding: 5 (octets)
8+1 address: 21
9+2 last_address: 00 99
11+5 padding: 00 00 00 00 00
)");
  EXPECT_EQ(layer_text(packet.dissection, 2), R"(0+2 source_port: 5000
2+2 destination_port: 53
4+2 length: 10 (octets)
6+2 checksum: 0x1dcf (good)
)");
}

// IP6 (hlim 64, next-header Routing (43) payload length: 50) 2001:db8::10 > 2001:db8::20: RT6
// (len=4, type=4, segleft=1, last-entry=1, flags=0x0, tag=7, [0]2001:db8::99, [1]2001:db8::20)
// 5000 > 53: [udp sum ok] domain [length 2 < 12] (invalid)
TEST(RoutingHeader, ShowsSegments) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0032 2b40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 1104 0401 0100 0007 2001 0db8 0000 0000 0000 0000 0000 0099 "
          "2001 0db8 0000 0000 0000 0000 0000 0020 1388 0035 000a 1dce 7234"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 routing udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 next_header: 17 (UDP)
1+1 header_extension_length: 4 (40 octets)
2+1 routing_type: 4 (segment routing (RFC 8754))
3+1 segments_left: 1
4+1 last_entry: 1
5+1 flags: 0x00
6+2 tag: 0x0007
8+16 segment: 2001:db8::99 ([0], the last of the route)
24+16 segment: 2001:db8::20 ([1])
)");
  EXPECT_EQ(layer_text(packet.dissection, 2), R"(0+2 source_port: 5000
2+2 destination_port: 53
4+2 length: 10 (octets)
6+2 checksum: 0x1dce (good)
)");
}

TEST(RoutingHeader, FinalDestinationIsNoneOnTheLastLegAndWhereTheHeaderIsBad) {
  const IpAddress here = IpAddress::read_v6(hex("20010db8000000000000000000000020"), 0);
  const auto final_of = [&](std::string_view text) {
    const auto bytes = hex(text);
    const auto address = RoutingHeader(bytes).final_destination(here);
    return address ? to_string(*address) : "none";
  };
  EXPECT_EQ(final_of("1102 0001 00000000 20010db8000000000000000000000099"), "2001:db8::99");
  EXPECT_EQ(final_of("1102 0000 00000000 20010db8000000000000000000000099"), "none");
  EXPECT_EQ(final_of("1102 0501 00000000 20010db8000000000000000000000099"), "none");
  EXPECT_EQ(final_of("1102 0001 00000000 20010db800000000000000000000"), "none");
  EXPECT_EQ(final_of("1100 0001 00000000"), "none");
  EXPECT_EQ(final_of("1100 0301 00000000"), "none");
  EXPECT_EQ(final_of("1100 03"), "none");
}

TEST(RoutingHeader, NamesEveryType) {
  const auto type_of = [](std::string_view type) {
    const auto bytes = hex("60000000 0008 2b 40 20010db8000000000000000000000010",
                           "20010db8000000000000000000000020 3b00", type, "00 00000000");
    return dissect(bytes, LinkType::ipv6).field(1, "routing_type");
  };
  EXPECT_EQ(type_of("01"), "1 (Nimrod (deprecated))");
  EXPECT_EQ(type_of("05"), "5 (CRH-16 (RFC 9631))");
  EXPECT_EQ(type_of("06"), "6 (CRH-32 (RFC 9631))");
  EXPECT_EQ(type_of("fd"), "253 (experiment (RFC 3692))");
  EXPECT_EQ(type_of("63"), "99");
}

}  // namespace
}  // namespace tapdeck
