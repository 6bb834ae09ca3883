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

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 61) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, destination unreachable, unreachable port, 2001:db8::20 udp port 53
TEST(Icmpv6, QuotesAPacket) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 003d 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 0104 31b3 0000 0000 6000 0000 000d 1140 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 2001 0db8 0000 0000 0000 0000 0000 0020 1388 0035 000d 4ca3 "
          "6865 6c6c 6f"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6 ipv6 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 1 (destination unreachable)
1+1 code: 4 (port unreachable)
2+2 checksum: 0x31b3 (good)
4+1 length: 0 (units of 8 octets of the quoted packet, 0 if unsaid)
5+3 unused: 00 00 00
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 61) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, packet too big, mtu 1280
TEST(Icmpv6, ShowsPacketTooBig) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 003d 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 0200 2bb7 0000 0500 6000 0000 000d 1140 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 2001 0db8 0000 0000 0000 0000 0000 0020 1388 0035 000d 4ca3 "
          "6865 6c6c 6f"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6 ipv6 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 2 (packet too big)
1+1 code: 0
2+2 checksum: 0x2bb7 (good)
4+4 mtu: 1280 (octets)
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 61) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, parameter problem, next header - octet 40
TEST(Icmpv6, ShowsParameterProblem) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 003d 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 0401 2e8e 0000 0028 6000 0000 000d 1140 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 2001 0db8 0000 0000 0000 0000 0000 0020 1388 0035 000d 4ca3 "
          "6865 6c6c 6f"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6 ipv6 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 4 (parameter problem)
1+1 code: 1 (unrecognized next header type)
2+2 checksum: 0x2e8e (good)
4+4 pointer: 40 (octet of the quoted packet)
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 84) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, time exceeded in-transit for 2001:db8::20
TEST(Icmpv6, ShowsExtensionsBehindTheQuote) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 0054 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 0300 27a0 0800 0000 6000 0000 000d 1140 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 2001 0db8 0000 0000 0000 0000 0000 0020 1388 0035 000d 4ca3 "
          "6865 6c6c 6f00 0000 0000 0000 0000 0000 2000 adb0 0008 0101 0006 3140"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6 ipv6 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 3 (time exceeded)
1+1 code: 0 (hop limit exceeded in transit)
2+2 checksum: 0x27a0 (good)
4+1 length: 8 (units of 8 octets of the quoted packet, 0 if unsaid)
5+3 unused: 00 00 00
72+2 extension_version: 2
74+2 extension_checksum: 0xadb0 (good)
76+8 extension_object: 1 (MPLS label stack)
  76+2 length: 8 (octets)
  78+1 class_num: 1
  79+1 c_type: 1
  80+4 label_stack_entry: 0x00063140
    80+3 label: 99
    82+1 traffic_class: 0
    82+1 bottom_of_stack: 1
    83+1 time_to_live: 64
)");
}

// IP6 (hlim 255, next-header ICMPv6 (58) payload length: 12) 2001:db8::20 > 2001:db8::10: [icmp6
// sum ok] ICMP6, echo reply, id 4660, seq 7
TEST(Icmpv6, ShowsEcho) {
  const auto packet = dissect_by_the_rules(
      hex("6000 0000 000c 3aff 2001 0db8 0000 0000 0000 0000 0000 0020 2001 0db8 0000 0000 "
          "0000 0000 0000 0010 8100 3205 1234 0007 706f 6e67"),
      LinkType::ipv6);
  EXPECT_EQ(packet.layer_names(), "ipv6 icmpv6");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+1 type: 129 (echo reply)
1+1 code: 0
2+2 checksum: 0x3205 (good)
4+2 identifier: 0x1234 (4660)
6+2 sequence_number: 7
)");
}

TEST(Icmpv6, NamesTypesAndCodes) {
  EXPECT_EQ(icmpv6_type_name(2), "packet too big");
  EXPECT_EQ(icmpv6_type_name(90), "");
  EXPECT_EQ(icmpv6_code_name(1, 4), "port unreachable");
  EXPECT_EQ(icmpv6_code_name(1, 200), "");
}

TEST(Icmpv6, NeedsEightOctets) {
  EXPECT_EQ(dissect(hex("60000000 0007 3a ff 20010db8000000000000000000000020",
                        "20010db8000000000000000000000010 8000 0000 123400"),
                    LinkType::ipv6)
                .fault(),
            "too_short of icmpv6 at 40, needs 8 has 7");
}

}  // namespace
}  // namespace tapdeck
