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

// IP6 (class 0xba, flowlabel 0x4472b, hlim 64, next-header UDP (17) payload length: 10)
// 2001:db8::10.5000 > 2001:db8::20.53: [udp sum ok] domain [length 2 < 12] (invalid)
TEST(Ipv6, ShowsEveryField) {
  const auto packet = dissect_by_the_rules(
      hex("6ba4 472b 000a 1140 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 1388 0035 000a 2812 6869"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 0), R"(0+1 version: 6
0+2 traffic_class: 0xba
  0+2 dscp: 46 (EF)
  0+2 ecn: 2 (ECT(0))
1+3 flow_label: 0x4472b
4+2 payload_length: 10 (octets)
6+1 next_header: 17 (UDP)
7+1 hop_limit: 64 (hops)
8+16 source: 2001:db8::10
24+16 destination: 2001:db8::20
)");
}

// IP6 (hlim 64, next-header Options (0) payload length: 28) 2001:db8::10 > 2001:db8::20: HBH
// (rtalert: 0x0000) (pad1)(pad1)(opt_type 0x63: len=3)(padn) [icmp6 sum ok] ICMP6, echo request,
// id 4660, seq 7
TEST(HopByHop, ShowsEveryOption) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 001c 0040 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 3a01 0502 0000 0000 6303 0102 0301 0100 8000 330b 1234 0007 "
          "7069 6e67"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 hop_by_hop icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 next_header: 58 (ICMPv6)
1+1 header_extension_length: 1 (16 octets)
2+4 router_alert: 00 00
  2+1 type: 0x05 (skipped if unknown)
  3+1 length: 2 (octets of data)
  4+2 value: 0 (multicast listener discovery)
6+1 pad_1: 00
7+1 pad_1: 00
8+5 rpl: 01 02 03
  8+1 type: 0x63 (packet dropped if unknown, may change on the way)
  9+1 length: 3 (octets of data)
  10+3 data: 01 02 03
13+3 pad_n: 00
  13+1 type: 0x01 (skipped if unknown)
  14+1 length: 1 (octets of data)
  15+1 data: 00
)");
}

// IP6 (hlim 64, next-header unknown (60) payload length: 34) 2001:db8::10 > 2001:db8::20: DSTOPT
// (padn)(homeaddr: 2001:db8::77) 5000 > 53: [bad udp cksum 0x27b3 -> 0x281a!] domain [length 2 <
// 12] (invalid)
TEST(DestinationOptions, ShowsHomeAddress) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0022 3c40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 1102 0102 0000 c910 2001 0db8 0000 0000 0000 0000 0000 0077 "
          "1388 0035 000a 27b3 6861"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 destination_options udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 next_header: 17 (UDP)
1+1 header_extension_length: 2 (24 octets)
2+4 pad_n: 00 00
  2+1 type: 0x01 (skipped if unknown)
  3+1 length: 2 (octets of data)
  4+2 data: 00 00
6+18 home_address: 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 77
  6+1 type: 0xc9 (packet dropped and ICMP sent if unknown and not multicast)
  7+1 length: 16 (octets of data)
  8+16 address: 2001:db8::77
)");
}

// IP6 (hlim 64, next-header unknown (60) payload length: 40) 2001:db8::10 > 2001:db8::20: DSTOPT
// (padn)(homeaddr: 2001:db8::77) mobility: BU seq#=1 lifetime=4116 [|mobility]
TEST(MobilityHeader, NamesTheMessage) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0028 3c40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 8702 0102 0000 c910 2001 0db8 0000 0000 0000 0000 0000 0077 "
          "3b01 0500 abcd 0001 0203 0405 0607 0809"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 destination_options mobility no_next_header");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 2), R"(0+1 payload_protocol: 59 (no next header)
1+1 header_length: 1 (16 octets)
2+1 mh_type: 5 (binding update)
3+1 reserved: 0x00
4+2 checksum: 0xabcd
6+10 message_data: 00 01 02 03 04 05 06 07 08 09
)");
  EXPECT_EQ(layer_text(packet.dissection, 3), R"()");
}

// IP6 (hlim 64, next-header Fragment (44) payload length: 18) 2001:db8::10 > 2001:db8::20: frag
// (0x0000beef:0|10) 5000 > 53: domain [length 2 < 12] (invalid)
TEST(FragmentHeader, AtomicFragmentIsAWholePacket) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0012 2c40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 1100 0000 0000 beef 1388 0035 000a 2f07 6174"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 fragment udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 next_header: 17 (UDP)
1+1 reserved: 0x00
2+2 fragment_offset: 0 (octets)
3+1 more_fragments: 0 (an atomic fragment: the whole packet)
4+4 identification: 0x0000beef
)");
}

// IP6 (hlim 64, next-header unknown (59) payload length: 8) 2001:db8::10 > 2001:db8::20: no next
// header
TEST(NoNextHeader, IgnoresWhatFollows) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0008 3b40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 6967 6e6f 7265 6421"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 no_next_header");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+8 ignored: 8 (octets)
)");
}

TEST(Ipv6, RefusesWhatContradictsItself) {
  constexpr std::string_view addresses =
      "20010db8000000000000000000000010 20010db8000000000000000000000020";
  EXPECT_EQ(dissect(hex("020000000002 020000000001 86dd 50000000 0000 3b 40", addresses)).fault(),
            "bad_version of ipv6 at 14, needs 6 has 40");
  EXPECT_EQ(dissect(hex("60000000 0000 3b 40 20010db8"), LinkType::ipv6).fault(),
            "too_short of ipv6 at 0, needs 40 has 12");
  EXPECT_EQ(
      dissect(hex("60000000 0008 3c 40", addresses, "3b01 0104 00000000"), LinkType::ipv6).fault(),
      "bad_length of destination_options at 40, needs 16 has 8");
}

TEST(Ipv6, LengthZeroWithoutJumboPayloadIsEmpty) {
  const auto packet = dissect(hex("60000000 0000 3b 40 20010db8000000000000000000000010",
                                  "20010db8000000000000000000000020 000000000000"),
                              LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 no_next_header");
  EXPECT_EQ(packet.dissection.payload.length, 0U);
}

TEST(HopByHop, JumboPayloadOptionSaysHowLongThePacketIs) {
  // 70,000 octets behind the IPv6 header: 8 of hop-by-hop options, the rest UDP of length 0.
  std::vector<std::byte> bytes =
      hex("60000000 0000 00 40 20010db8000000000000000000000010",
          "20010db8000000000000000000000020 1100 c204 00011170 1388 0035 0000 0000");
  bytes.resize(40 + 70'000 + 6);
  const auto packet = dissect(bytes, LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 hop_by_hop udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.dissection.payload.length, 70'000U - 8 - 8);
  EXPECT_EQ(packet.field(1, "payload_length"), "70000 (octets)");
}

TEST(FragmentHeader, WaitsForTheOtherFragments) {
  const auto packet =
      dissect(hex("60000000 0010 2c 40 20010db8000000000000000000000010",
                  "20010db8000000000000000000000020 1100 0001 0000beef 1388 0035 0010 0000"),
              LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 fragment");
  EXPECT_TRUE(packet.dissection.is_fragment);
  EXPECT_EQ(packet.field(1, "more_fragments"), "1");
}

}  // namespace
}  // namespace tapdeck
