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

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 61) 192.0.2.20 >
// 192.0.2.10: ICMP 192.0.2.20 udp port 53 unreachable, length 41 IP (tos 0x0, ttl 64, id 7,
// offset 0, flags [DF], proto UDP (17), length 33) 192.0.2.10.5000 > 192.0.2.20.53: domain
// [length 5 < 12] (invalid)
TEST(Icmp, QuotesAPacket) {
  const auto packet = dissect_by_the_rules(
      hex("4500 003d 1234 4000 4001 a46d c000 0214 c000 020a 0303 813a 0000 0000 4500 0021 "
          "0007 4000 4011 b6a6 c000 020a c000 0214 1388 0035 000d 2426 6865 6c6c 6f"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 3 (destination unreachable)
1+1 code: 3 (port unreachable)
2+2 checksum: 0x813a (good)
4+1 unused: 0x00
5+1 length: 0 (words of the quoted packet, 0 if unsaid)
6+2 unused: 0x0000
)");
  EXPECT_EQ(layer_text(packet.dissection, 2), R"(0+1 version: 4
0+1 header_length: 20 (octets)
1+1 type_of_service: 0x00
  1+1 dscp: 0 (CS0)
  1+1 ecn: 0 (Not-ECT)
2+2 total_length: 33 (octets)
4+2 identification: 0x0007 (7)
6+1 flags: 0x02 (DF)
  6+1 reserved: 0
  6+1 dont_fragment: 1
  6+1 more_fragments: 0
6+2 fragment_offset: 0 (octets)
8+1 time_to_live: 64 (hops)
9+1 protocol: 17 (UDP)
10+2 header_checksum: 0xb6a6 (good)
12+4 source: 192.0.2.10
16+4 destination: 192.0.2.20
)");
  EXPECT_EQ(layer_text(packet.dissection, 3), R"(0+2 source_port: 5000
2+2 destination_port: 53
4+2 length: 13 (octets)
6+2 checksum: 0x2426 (good)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 56) 192.0.2.20 >
// 192.0.2.10: ICMP 192.0.2.20 unreachable - need to frag (mtu 1280), length 36 IP (tos 0x0, ttl
// 64, id 8, offset 0, flags [DF], proto TCP (6), length 60) 192.0.2.10.40000 > 192.0.2.20.80:
// [|tcp]
TEST(Icmp, QuotesTheBeginningOfATcpHeader) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0038 1234 4000 4001 a472 c000 0214 c000 020a 0304 5765 0000 0500 4500 003c "
          "0008 4000 4006 b695 c000 020a c000 0214 9c40 0050 0102 0304"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 3 (destination unreachable)
1+1 code: 4 (fragmentation needed and DF set)
2+2 checksum: 0x5765 (good)
4+1 unused: 0x00
5+1 length: 0 (words of the quoted packet, 0 if unsaid)
6+2 next_hop_mtu: 1280 (octets)
)");
  EXPECT_EQ(layer_text(packet.dissection, 3), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 16909060
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 174) 192.0.2.20 >
// 192.0.2.10: ICMP time exceeded in-transit, length 154 IP (tos 0x0, ttl 64, id 7, offset 0,
// flags [DF], proto UDP (17), length 33) 192.0.2.10.5000 > 192.0.2.20.53: domain [length 5 < 12]
// (invalid) ICMP Multi-Part extension v2, checksum 0x568c (correct), length 18 MPLS Stack Entry
// Object (1), Class-Type: 1, length 8 label 16000, tc 0, [S], ttl 1 unknown Object (9),
// Class-Type: 1, length 6 0x0000: 7a7a
TEST(Icmp, ShowsExtensionsBehindTheQuote) {
  const auto packet = dissect_by_the_rules(
      hex("4500 00ae 1234 4000 4001 a3fc c000 0214 c000 020a 0b00 791d 0020 0000 4500 0021 "
          "0007 4000 4011 b6a6 c000 020a c000 0214 1388 0035 000d 2426 6865 6c6c 6f00 0000 "
          "0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 "
          "0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 "
          "0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 2000 568c "
          "0008 0101 03e8 0101 0006 0901 7a7a"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 11 (time exceeded)
1+1 code: 0 (time to live exceeded in transit)
2+2 checksum: 0x791d (good)
4+1 unused: 0x00
5+1 length: 32 (words of the quoted packet, 0 if unsaid)
6+2 unused: 0x0000
136+2 extension_version: 2
138+2 extension_checksum: 0x568c (good)
140+8 extension_object: 1 (MPLS label stack)
  140+2 length: 8 (octets)
  142+1 class_num: 1
  143+1 c_type: 1
  144+4 label_stack_entry: 0x03e80101
    144+3 label: 16000
    146+1 traffic_class: 0
    146+1 bottom_of_stack: 1
    147+1 time_to_live: 1
148+6 extension_object: 9
  148+2 length: 6 (octets)
  150+1 class_num: 9
  151+1 c_type: 1
  152+2 data: 7a 7a
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 61) 192.0.2.20 >
// 192.0.2.10: ICMP redirect 192.0.2.20 to host 192.0.2.1, length 41 IP (tos 0x0, ttl 64, id 7,
// offset 0, flags [DF], proto UDP (17), length 33) 192.0.2.10.5000 > 192.0.2.20.53: domain
// [length 5 < 12] (invalid)
TEST(Icmp, ShowsRedirect) {
  const auto packet = dissect_by_the_rules(
      hex("4500 003d 1234 4000 4001 a46d c000 0214 c000 020a 0501 bd3a c000 0201 4500 0021 "
          "0007 4000 4011 b6a6 c000 020a c000 0214 1388 0035 000d 2426 6865 6c6c 6f"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 5 (redirect)
1+1 code: 1 (for the host)
2+2 checksum: 0xbd3a (good)
4+4 gateway: 192.0.2.1
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 61) 192.0.2.20 >
// 192.0.2.10: ICMP parameter problem - octet 20, length 41 IP (tos 0x0, ttl 64, id 7, offset 0,
// flags [DF], proto UDP (17), length 33) 192.0.2.10.5000 > 192.0.2.20.53: domain [length 5 < 12]
// (invalid)
TEST(Icmp, ShowsParameterProblem) {
  const auto packet = dissect_by_the_rules(
      hex("4500 003d 1234 4000 4001 a46d c000 0214 c000 020a 0c00 643d 1400 0000 4500 0021 "
          "0007 4000 4011 b6a6 c000 020a c000 0214 1388 0035 000d 2426 6865 6c6c 6f"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 12 (parameter problem)
1+1 code: 0 (pointer indicates the error)
2+2 checksum: 0x643d (good)
4+1 pointer: 20 (octet of the quoted packet)
5+1 length: 0 (words of the quoted packet, 0 if unsaid)
6+2 unused: 0x0000
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 35) 192.0.2.10 >
// 192.0.2.20: ICMP echo request, id 4660, seq 7, length 15
TEST(Icmp, ShowsEcho) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0023 1234 4000 4001 a487 c000 020a c000 0214 0800 2895 1234 0007 7061 796c "
          "6f61 64"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 8 (echo request)
1+1 code: 0
2+2 checksum: 0x2895 (good)
4+2 identifier: 0x1234 (4660)
6+2 sequence_number: 7
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 40) 192.0.2.10 >
// 192.0.2.20: ICMP time stamp reply id 4660 seq 7: org 00:00:00.001, recv 00:00:00.002, xmit
// 00:00:00.003, length 20
TEST(Icmp, ShowsTimestamps) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0028 1234 4000 4001 a482 c000 020a c000 0214 0e00 dfbe 1234 0007 0000 0001 "
          "0000 0002 0000 0003"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 14 (timestamp reply)
1+1 code: 0
2+2 checksum: 0xdfbe (good)
4+2 identifier: 0x1234 (4660)
6+2 sequence_number: 7
8+4 originate_timestamp: 1 (milliseconds since midnight UT)
12+4 receive_timestamp: 2 (milliseconds since midnight UT)
16+4 transmit_timestamp: 3 (milliseconds since midnight UT)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 32) 192.0.2.10 >
// 192.0.2.20: ICMP address mask is 0xffffff00, length 12
TEST(Icmp, ShowsAddressMask) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0020 1234 4000 4001 a48a c000 020a c000 0214 1200 dcc3 1234 0007 ffff ff00"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 18 (address mask reply)
1+1 code: 0
2+2 checksum: 0xdcc3 (good)
4+2 identifier: 0x1234 (4660)
6+2 sequence_number: 7
8+4 address_mask: 255.255.255.0
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto ICMP (1), length 36) 192.0.2.10 >
// 192.0.2.20: ICMP router advertisement lifetime 30:00 1: {192.0.2.1 0}, length 16
TEST(Icmp, ShowsRouterAdvertisement) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0024 1234 4000 4001 a486 c000 020a c000 0214 0900 2cf4 0102 0708 c000 0201 "
          "0000 0000"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 9 (router advertisement)
1+1 code: 0 (normal)
2+2 checksum: 0x2cf4 (good)
4+1 number_of_addresses: 1
5+1 address_entry_size: 2 (words of 4 octets)
6+2 lifetime: 1800 (seconds)
8+4 router_address: 192.0.2.1
12+4 preference_level: 0
)");
}

TEST(Icmp, NamesTypesAndCodes) {
  EXPECT_EQ(icmp_type_name(8), "echo request");
  EXPECT_EQ(icmp_type_name(200), "");
  EXPECT_EQ(icmp_code_name(3, 15), "precedence cutoff in effect");
  EXPECT_EQ(icmp_code_name(3, 16), "");
  EXPECT_EQ(icmp_code_name(9, 16), "doesn't route common traffic");
  EXPECT_EQ(icmp_code_name(8, 0), "");
}

TEST(Icmp, NeedsEightOctets) {
  EXPECT_EQ(dissect(hex("4500 001b 1234 4000 4001 0000 c000020a c0000214 0800 0000 123400"),
                    LinkType::ipv4)
                .fault(),
            "too_short of icmp at 20, needs 8 has 7");
}

TEST(Icmp, TellsQuotedLayersFromItsOwn) {
  const auto packet =
      dissect(hex("4500 0038 1234 4000 4001 0000 c0000214 c000020a 0303 0000 00000000",
                  "4500 0021 0007 4000 4011 0000 c000020a c0000214 1388 0035 000d 0000"),
              LinkType::ipv4);
  const Dissection& dissection = packet.dissection;
  EXPECT_EQ(dissection.network, 0);
  EXPECT_EQ(dissection.transport, 1);
  EXPECT_EQ(dissection.quoted_network, 2);
  EXPECT_EQ(dissection.quoted_transport, 3);
  EXPECT_FALSE(packet.layer(1).quoted);
  EXPECT_TRUE(packet.layer(2).quoted);
  EXPECT_TRUE(packet.layer(3).quoted);
}

TEST(Icmp, AQuotedFragmentIsNotPutTogether) {
  const auto packet =
      dissect(hex("4500 0038 1234 4000 4001 0000 c0000214 c000020a 0b01 0000 00000000",
                  "4500 0021 0007 2001 4011 0000 c000020a c0000214 1388 0035 000d 0000"),
              LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 icmp ipv4");
  EXPECT_FALSE(packet.dissection.is_fragment);
}

}  // namespace
}  // namespace tapdeck
