#include "dissectors/group_membership.h"

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

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 24) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, multicast listener querymax resp delay: 10000 addr: ::
TEST(Mld, ShowsQuery) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0018 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8200 fafa 2710 0000 0000 0000 0000 0000 0000 0000 0000 0000"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 130 (multicast listener query)
1+1 code: 0
2+2 checksum: 0xfafa (good)
4+2 maximum_response_code: 10000 (10000 milliseconds)
6+2 reserved: 0x0000
8+16 multicast_address: ::
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 44) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, multicast listener query v2 [max resp delay=10000] [gaddr ff02::fb sflag
// robustness=2 qqi=125, 1 source(s)]
TEST(Mld, ShowsQueryOfVersion2) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 002c 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8200 c2a1 2710 0000 ff02 0000 0000 0000 0000 0000 0000 00fb "
          "0a7d 0001 2001 0db8 0000 0000 0000 0000 0000 0010"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 130 (multicast listener query)
1+1 code: 0
2+2 checksum: 0xc2a1 (good)
4+2 maximum_response_code: 10000 (10000 milliseconds)
6+2 reserved: 0x0000
8+16 multicast_address: ff02::fb
24+1 flags: 0x0a
  24+1 suppress_router_side: 1
  24+1 querier_robustness: 2
25+1 querier_query_interval_code: 125 (125 seconds)
26+2 number_of_sources: 1
28+16 source: 2001:db8::10
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 24) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, multicast listener donemax resp delay: 0 addr: ff02::fb
TEST(Mld, ShowsDone) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0018 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8400 200d 0000 0000 ff02 0000 0000 0000 0000 0000 0000 00fb"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 132 (multicast listener done)
1+1 code: 0
2+2 checksum: 0x200d (good)
4+2 maximum_response_delay: 0 (unused)
6+2 reserved: 0x0000
8+16 multicast_address: ff02::fb
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 48) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, multicast listener report v2, 1 group record(s) [gaddr ff02::fb to_in, 1
// source(s)]
TEST(Mld, ShowsReportOfVersion2) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0030 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8f00 0a4a 0000 0001 0301 0001 ff02 0000 0000 0000 0000 0000 "
          "0000 00fb 2001 0db8 0000 0000 0000 0000 0000 0010 6175 7869"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 143 (multicast listener report v2)
1+1 code: 0
2+2 checksum: 0x0a4a (good)
4+2 reserved: 0x0000
6+2 number_of_group_records: 1
8+40 group_record: 3 (change to include mode)
  8+1 record_type: 3
  9+1 auxiliary_data_length: 1 (words of 4 octets)
  10+2 number_of_sources: 1
  12+16 multicast_address: ff02::fb
  28+16 source: 2001:db8::10
  44+4 auxiliary_data: 61 75 78 69
)");
}

// IP (tos 0x0, ttl 1, id 4660, offset 0, flags [DF], proto IGMP (2), length 32, options (RA))
// 192.0.2.10 > 224.0.0.22: igmp query v1
TEST(Igmp, ShowsQueryOfVersion1) {
  const auto packet = dissect_by_the_rules(
      hex("4600 0020 1234 4000 0102 3083 c000 020a e000 0016 9404 0000 1100 eeff 0000 0000"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 igmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 0x11 (membership query v1)
1+1 max_response_code: 0
2+2 checksum: 0xeeff (good)
4+4 group_address: 0.0.0.0
)");
}

// IP (tos 0x0, ttl 1, id 4660, offset 0, flags [DF], proto IGMP (2), length 32, options (RA))
// 192.0.2.10 > 224.0.0.22: igmp query v2 [gaddr 224.0.0.251]
TEST(Igmp, ShowsQueryOfVersion2) {
  const auto packet = dissect_by_the_rules(
      hex("4600 0020 1234 4000 0102 3083 c000 020a e000 0016 9404 0000 1164 0da0 e000 00fb"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 igmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 0x11 (membership query v2)
1+1 max_response_code: 100 (10.0 seconds)
2+2 checksum: 0x0da0 (good)
4+4 group_address: 224.0.0.251
)");
}

// IP (tos 0x0, ttl 1, id 4660, offset 0, flags [DF], proto IGMP (2), length 40, options (RA))
// 192.0.2.10 > 224.0.0.22: igmp query v3 [max resp time 24.8s] [gaddr 224.0.0.251, 1 source(s)]
TEST(Igmp, ShowsQueryOfVersion3) {
  const auto packet = dissect_by_the_rules(
      hex("4600 0028 1234 4000 0102 307b c000 020a e000 0016 9404 0000 118f 40ec e000 00fb "
          "0a7d 0001 c000 020a"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 igmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 0x11 (membership query v3)
1+1 max_response_code: 143 (24.8 seconds)
2+2 checksum: 0x40ec (good)
4+4 group_address: 224.0.0.251
8+1 flags: 0x0a
  8+1 suppress_router_side: 1
  8+1 querier_robustness: 2
9+1 querier_query_interval_code: 125 (125 seconds)
10+2 number_of_sources: 1
12+4 source: 192.0.2.10
)");
}

// IP (tos 0x0, ttl 1, id 4660, offset 0, flags [DF], proto IGMP (2), length 32, options (RA))
// 192.0.2.10 > 224.0.0.22: igmp leave 224.0.0.251
TEST(Igmp, ShowsLeave) {
  const auto packet = dissect_by_the_rules(
      hex("4600 0020 1234 4000 0102 3083 c000 020a e000 0016 9404 0000 1700 0804 e000 00fb"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 igmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 0x17 (leave group)
1+1 reserved: 0
2+2 checksum: 0x0804 (good)
4+4 group_address: 224.0.0.251
)");
}

// IP (tos 0x0, ttl 1, id 4660, offset 0, flags [DF], proto IGMP (2), length 52, options (RA))
// 192.0.2.10 > 224.0.0.22: igmp v3 report, 2 group record(s) [gaddr 224.0.0.251 to_ex, 0
// source(s)] [gaddr 224.0.0.252 allow, 1 source(s)]
TEST(Igmp, ShowsReportOfVersion3) {
  const auto packet = dissect_by_the_rules(
      hex("4600 0034 1234 4000 0102 306f c000 020a e000 0016 9404 0000 2200 50f9 0000 0002 "
          "0400 0000 e000 00fb 0500 0001 e000 00fc c000 020a"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 igmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 0x22 (membership report v3)
1+1 reserved: 0
2+2 checksum: 0x50f9 (good)
4+2 reserved: 0x0000
6+2 number_of_group_records: 2
8+8 group_record: 4 (change to exclude mode)
  8+1 record_type: 4
  9+1 auxiliary_data_length: 0 (words of 4 octets)
  10+2 number_of_sources: 0
  12+4 multicast_address: 224.0.0.251
16+12 group_record: 5 (allow new sources)
  16+1 record_type: 5
  17+1 auxiliary_data_length: 0 (words of 4 octets)
  18+2 number_of_sources: 1
  20+4 multicast_address: 224.0.0.252
  24+4 source: 192.0.2.10
)");
}

TEST(GroupMembership, CodesAreFloatingPointNumbersFromTheirHighestBitOn) {
  EXPECT_EQ(time_of_code(127), 127U);
  EXPECT_EQ(time_of_code(0x80), 128U);
  EXPECT_EQ(time_of_code(0xff), 31'744U);
  EXPECT_EQ(time_of_long_code(32'767), 32'767U);
  EXPECT_EQ(time_of_long_code(0x8000), 32'768U);
  EXPECT_EQ(time_of_long_code(0xffff), 8'387'584U);
}

TEST(Igmp, ShowsWhatIsThereOfMoreRecordsThanFit) {
  const auto packet = dissect(hex("4500 0024 1234 4000 0102 0000 c000020a e0000016",
                                  "2200 0000 0000 ffff 01ff ffff e00000fb"),
                              LinkType::ipv4);
  EXPECT_EQ(packet.field(1, "group_record"), "1 (mode is include)");
  EXPECT_EQ(packet.field(1, "multicast_address"), "224.0.0.251");
}

}  // namespace
}  // namespace tapdeck
