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

// IP (tos 0xb9,ECT(1), ttl 64, id 4660, offset 0, flags [DF], proto UDP (17), length 33)
// 192.0.2.10.5000 > 192.0.2.20.53: domain [length 5 < 12] (invalid)
TEST(Ipv4, ShowsEveryField) {
  const auto packet = dissect_by_the_rules(
      hex("45b9 0021 1234 4000 4011 a3c0 c000 020a c000 0214 1388 0035 000d 2426 6865 6c6c "
          "6f"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 0), R"(0+1 version: 4
0+1 header_length: 20 (octets)
1+1 type_of_service: 0xb9
  1+1 dscp: 46 (EF)
  1+1 ecn: 1 (ECT(1))
2+2 total_length: 33 (octets)
4+2 identification: 0x1234 (4660)
6+1 flags: 0x02 (DF)
  6+1 reserved: 0
  6+1 dont_fragment: 1
  6+1 more_fragments: 0
6+2 fragment_offset: 0 (octets)
8+1 time_to_live: 64 (hops)
9+1 protocol: 17 (UDP)
10+2 header_checksum: 0xa3c0 (good)
12+4 source: 192.0.2.10
16+4 destination: 192.0.2.20
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 40, options (RR
// 198.51.100.1, 0.0.0.0,EOL)) 192.0.2.10 > 192.0.2.20: ICMP echo request, id 4660, seq 1, length
// 8
TEST(Ipv4, ShowsRecordedRoute) {
  const auto packet = dissect_by_the_rules(
      hex("4800 0028 1234 4000 4001 5d4d c000 020a c000 0214 070b 08c6 3364 0100 0000 0000 "
          "0800 e5ca 1234 0001"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 0), R"(0+1 version: 4
0+1 header_length: 32 (octets)
1+1 type_of_service: 0x00
  1+1 dscp: 0 (CS0)
  1+1 ecn: 0 (Not-ECT)
2+2 total_length: 40 (octets)
4+2 identification: 0x1234 (4660)
6+1 flags: 0x02 (DF)
  6+1 reserved: 0
  6+1 dont_fragment: 1
  6+1 more_fragments: 0
6+2 fragment_offset: 0 (octets)
8+1 time_to_live: 64 (hops)
9+1 protocol: 1 (ICMP)
10+2 header_checksum: 0x5d4d (good)
12+4 source: 192.0.2.10
16+4 destination: 192.0.2.20
20+11 record_route: 08 c6 33 64 01 00 00 00 00
  20+1 type: 0x07 (control, number 7)
  21+1 length: 11 (octets)
  22+1 pointer: 8
  23+4 address: 198.51.100.1
  27+4 address: 0.0.0.0 (next)
31+1 end_of_options: 00 (and padding)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 48, options
// (timestamp TS{TS+ADDR 2147483649@198.51.100.1 ^ 0@0.0.0.0 [2 hops not recorded]} )) 192.0.2.10
// > 192.0.2.20: ICMP echo request, id 4660, seq 1, length 8
TEST(Ipv4, ShowsTimestampsWithAddresses) {
  const auto packet = dissect_by_the_rules(
      hex("4a00 0030 1234 4000 4001 a40e c000 020a c000 0214 4414 0d21 c633 6401 8000 0001 "
          "0000 0000 0000 0000 0800 e5ca 1234 0001"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 0), R"(0+1 version: 4
0+1 header_length: 40 (octets)
1+1 type_of_service: 0x00
  1+1 dscp: 0 (CS0)
  1+1 ecn: 0 (Not-ECT)
2+2 total_length: 48 (octets)
4+2 identification: 0x1234 (4660)
6+1 flags: 0x02 (DF)
  6+1 reserved: 0
  6+1 dont_fragment: 1
  6+1 more_fragments: 0
6+2 fragment_offset: 0 (octets)
8+1 time_to_live: 64 (hops)
9+1 protocol: 1 (ICMP)
10+2 header_checksum: 0xa40e (good)
12+4 source: 192.0.2.10
16+4 destination: 192.0.2.20
20+20 timestamp: 0d 21 c6 33 64 01 80 00 00 01 00 00 00 00 00 00 00 00
  20+1 type: 0x44 (debugging and measurement, number 4)
  21+1 length: 20 (octets)
  22+1 pointer: 13
  23+1 overflow_and_flag: 0x21
    23+1 overflow: 2 (hosts without room)
    23+1 flag: 1 (each with its address)
  24+4 address: 198.51.100.1
  28+4 timestamp: 2147483649 (not in milliseconds since midnight UT)
  32+4 address: 0.0.0.0
  36+4 timestamp: 0 (milliseconds since midnight UT)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto UDP (17), length 41, options (LSRR
// 198.51.100.1 203.0.113.9,NOP)) 192.0.2.10.5000 > 198.51.100.7.53: domain [length 1 < 12]
// (invalid)
TEST(Ipv4, ShowsSourceRoute) {
  const auto packet = dissect_by_the_rules(
      hex("4800 0029 1234 4000 4011 72d8 c000 020a c633 6407 830b 04c6 3364 01cb 0071 0901 "
          "1388 0035 0009 760a 78"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 0), R"(0+1 version: 4
0+1 header_length: 32 (octets)
1+1 type_of_service: 0x00
  1+1 dscp: 0 (CS0)
  1+1 ecn: 0 (Not-ECT)
2+2 total_length: 41 (octets)
4+2 identification: 0x1234 (4660)
6+1 flags: 0x02 (DF)
  6+1 reserved: 0
  6+1 dont_fragment: 1
  6+1 more_fragments: 0
6+2 fragment_offset: 0 (octets)
8+1 time_to_live: 64 (hops)
9+1 protocol: 17 (UDP)
10+2 header_checksum: 0x72d8 (good)
12+4 source: 192.0.2.10
16+4 destination: 198.51.100.7
20+11 loose_source_route: 04 c6 33 64 01 cb 00 71 09
  20+1 type: 0x83 (control, number 3, copied on fragmentation)
  21+1 length: 11 (octets)
  22+1 pointer: 4
  23+4 address: 198.51.100.1 (next)
  27+4 address: 203.0.113.9 (not reached)
31+1 no_operation: 01
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto IGMP (2), length 56, options
// (RA,security,traceroute,unknown 99,NOP,EOL)) 192.0.2.10 > 192.0.2.20: igmp v2 report
// 224.0.0.251
TEST(Ipv4, ShowsOtherOptionsAndUnknownOnes) {
  const auto packet = dissect_by_the_rules(
      hex("4c00 0038 1234 4000 4002 b1c7 c000 020a c000 0214 9404 0000 8204 5a80 520c 0007 "
          "0001 0002 c000 0201 6305 0102 0301 0000 1600 0904 e000 00fb"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 igmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 0), R"(0+1 version: 4
0+1 header_length: 48 (octets)
1+1 type_of_service: 0x00
  1+1 dscp: 0 (CS0)
  1+1 ecn: 0 (Not-ECT)
2+2 total_length: 56 (octets)
4+2 identification: 0x1234 (4660)
6+1 flags: 0x02 (DF)
  6+1 reserved: 0
  6+1 dont_fragment: 1
  6+1 more_fragments: 0
6+2 fragment_offset: 0 (octets)
8+1 time_to_live: 64 (hops)
9+1 protocol: 2 (IGMP)
10+2 header_checksum: 0xb1c7 (good)
12+4 source: 192.0.2.10
16+4 destination: 192.0.2.20
20+4 router_alert: 00 00
  20+1 type: 0x94 (control, number 20, copied on fragmentation)
  21+1 length: 4 (octets)
  22+2 value: 0 (routers shall examine the packet)
24+4 security: 5a 80
  24+1 type: 0x82 (control, number 2, copied on fragmentation)
  25+1 length: 4 (octets)
  26+1 classification_level: 0x5a (secret)
  27+1 protection_authority: 80
28+12 traceroute: 00 07 00 01 00 02 c0 00 02 01
  28+1 type: 0x52 (debugging and measurement, number 18)
  29+1 length: 12 (octets)
  30+2 id_number: 0x0007
  32+2 outbound_hop_count: 1
  34+2 return_hop_count: 2
  36+4 originator: 192.0.2.1
40+5 option: 01 02 03 (unknown, type 99)
  40+1 type: 0x63 (reserved class 3, number 3)
  41+1 length: 5 (octets)
  42+3 data: 01 02 03
45+1 no_operation: 01
46+2 end_of_options: 00 00 (and padding)
)");
}

TEST(Ipv4, EndsWhereItsLengthSays) {
  const auto packet = dissect(
      hex("4500 0018 1234 4000 40fe 0000 c000020a c0000214 aabb ccdd", "0000 0000 0000 0000"),
      LinkType::ipv4);
  EXPECT_EQ(packet.dissection.payload.length, 4U);
  EXPECT_EQ(packet.dissection.payload.bytes.size(), 4U);
  EXPECT_EQ(packet.dissection.unknown, by_ip_protocol(254));
}

TEST(Ipv4, BelievesItsLengthWhereTheFrameIsClipped) {
  const auto packet =
      dissect(hex("4500 05dc 1234 4000 40fe 0000 c000020a c0000214 aabb ccdd"), LinkType::ipv4);
  EXPECT_EQ(packet.dissection.payload.length, 1480U);
  EXPECT_EQ(packet.dissection.payload.bytes.size(), 4U);
  EXPECT_EQ(packet.field(0, "total_length"), "1500 (more than the frame has)");
}

TEST(Ipv4, LengthZeroLeavesItToTheFrame) {
  const auto packet =
      dissect(hex("4500 0000 1234 4000 40fe 0000 c000020a c0000214 aabb ccdd"), LinkType::ipv4);
  EXPECT_EQ(packet.dissection.payload.length, 4U);
}

TEST(Ipv4, RefusesWhatContradictsItself) {
  const auto fault_of = [](std::string_view text) {
    return dissect(hex(text), LinkType::ipv4).fault();
  };
  EXPECT_EQ(fault_of("4500 0018 1234 4000 40fe 0000 c000020a c00002"),
            "too_short of ipv4 at 0, needs 20 has 19");
  EXPECT_EQ(fault_of("5500 0014 1234 4000 40fe 0000 c000020a c0000214"),
            "bad_version of ipv4 at 0, needs 4 has 20");
  EXPECT_EQ(fault_of("4400 0014 1234 4000 40fe 0000 c000020a c0000214"),
            "bad_length of ipv4 at 0, needs 20 has 20");
  EXPECT_EQ(fault_of("4600 0014 1234 4000 40fe 0000 c000020a c0000214 00000000"),
            "bad_length of ipv4 at 0, needs 24 has 24");
}

TEST(Ipv4, ShowsMalformedOptionsAsTheyAre) {
  const auto field_of = [](std::string_view options, std::string_view name) {
    const auto bytes = hex("4600 0018 1234 4000 40fe 0000 c000020a c0000214", options);
    return dissect(bytes, LinkType::ipv4).field(0, name);
  };
  EXPECT_EQ(field_of("07 00 00 00", "malformed_options"), "07 00 00 00");
  EXPECT_EQ(field_of("07 05 00 00", "malformed_options"), "07 05 00 00");
  EXPECT_EQ(field_of("01 01 01 07", "malformed_options"), "07");
  EXPECT_EQ(field_of("83 04 04 01", "data"), "01");
  EXPECT_EQ(field_of("44 04 05 f0", "overflow"), "15 (hosts without room)");
}

}  // namespace
}  // namespace tapdeck
