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

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 60) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [SEW], cksum 0x23b2 (correct), seq 16909060, win 64240, options [mss
// 1460,sackOK,TS val 1000 ecr 0,nop,wscale 7], length 0
TEST(Tcp, ShowsEveryFieldOfASyn) {
  const auto packet = dissect_by_the_rules(
      hex("4500 003c 1234 4000 4006 a469 c000 020a c000 0214 9c40 0050 0102 0304 0000 0000 "
          "a0c2 faf0 23b2 0000 0204 05b4 0402 080a 0000 03e8 0000 0000 0103 0307"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 16909060
8+4 acknowledgment_number: 0
12+1 data_offset: 40 (octets)
12+1 reserved: 0
12+2 flags: 0x00c2 (CWR ECE SYN)
  12+1 accurate_ecn: 0
  13+1 congestion_window_reduced: 1
  13+1 ecn_echo: 1
  13+1 urgent: 0
  13+1 acknowledgment: 0
  13+1 push: 0
  13+1 reset: 0
  13+1 synchronize: 1
  13+1 finish: 0
14+2 window: 64240 (octets before scaling)
16+2 checksum: 0x23b2 (good)
18+2 urgent_pointer: 0
20+4 maximum_segment_size: 1460
  20+1 kind: 2
  21+1 length: 4 (octets)
  22+2 value: 1460 (octets)
24+2 sack_permitted: 
  24+1 kind: 4
  25+1 length: 2 (octets)
26+10 timestamps: 1000 0
  26+1 kind: 8
  27+1 length: 10 (octets)
  28+4 timestamp_value: 1000
  32+4 timestamp_echo_reply: 0
36+1 no_operation: 01
37+3 window_scale: 7 (times 128)
  37+1 kind: 3
  38+1 length: 3 (octets)
  39+1 shift_count: 7 (times 128)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 72) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0x82ad (correct), ack 200, win 501, options [nop,nop,TS val
// 2000 ecr 1000,nop,nop,sack 2 {4801:5801}{7801:8801}], length 0
TEST(Tcp, ShowsSackBlocksAndAccurateEcnBit) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0048 1234 4000 4006 a45d c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "d110 01f5 82ad 0000 0101 080a 0000 07d0 0000 03e8 0101 0512 0000 1388 0000 1770 "
          "0000 1f40 0000 2328"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 52 (octets)
12+1 reserved: 0
12+2 flags: 0x0110 (AE ACK)
  12+1 accurate_ecn: 1
  13+1 congestion_window_reduced: 0
  13+1 ecn_echo: 0
  13+1 urgent: 0
  13+1 acknowledgment: 1
  13+1 push: 0
  13+1 reset: 0
  13+1 synchronize: 0
  13+1 finish: 0
14+2 window: 501 (octets before scaling)
16+2 checksum: 0x82ad (good)
18+2 urgent_pointer: 0
20+1 no_operation: 01
21+1 no_operation: 01
22+10 timestamps: 2000 1000
  22+1 kind: 8
  23+1 length: 10 (octets)
  24+4 timestamp_value: 2000
  28+4 timestamp_echo_reply: 1000
32+1 no_operation: 01
33+1 no_operation: 01
34+18 sack: 5000-6000 8000-9000
  34+1 kind: 5
  35+1 length: 18 (octets)
  36+4 left_edge: 5000
  40+4 right_edge: 6000 (after the last octet)
  44+4 left_edge: 8000
  48+4 right_edge: 9000 (after the last octet)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 43) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [FP.U], cksum 0xc773 (correct), seq 0:3, ack 1, win 501, urg 2, length
// 3: HTTP
TEST(Tcp, ShowsUrgentPointer) {
  const auto packet = dissect_by_the_rules(
      hex("4500 002b 1234 4000 4006 a47a c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "5039 01f5 c773 0002 6162 63"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 20 (octets)
12+1 reserved: 0
12+2 flags: 0x0039 (URG ACK PSH FIN)
  12+1 accurate_ecn: 0
  13+1 congestion_window_reduced: 0
  13+1 ecn_echo: 0
  13+1 urgent: 1
  13+1 acknowledgment: 1
  13+1 push: 1
  13+1 reset: 0
  13+1 synchronize: 0
  13+1 finish: 1
14+2 window: 501 (octets before scaling)
16+2 checksum: 0xc773 (good)
18+2 urgent_pointer: 2
)");
}

constexpr std::string_view ipv4_of_40 = "4500 0028 1234 4000 4006 0000 c000020a c0000214";

TEST(Tcp, RefusesWhatContradictsItself) {
  EXPECT_EQ(
      dissect(hex(ipv4_of_40, "9c40 0050 00000064 000000c8 4010 01f5 0000 0000"), LinkType::ipv4)
          .fault(),
      "bad_length of tcp at 20, needs 20 has 20");
  EXPECT_EQ(
      dissect(hex(ipv4_of_40, "9c40 0050 00000064 000000c8 6010 01f5 0000 0000"), LinkType::ipv4)
          .fault(),
      "bad_length of tcp at 20, needs 24 has 20");
}

TEST(Tcp, PaddingIsNoPayload) {
  const auto packet =
      dissect(hex(ipv4_of_40, "9c40 0050 00000064 000000c8 5010 01f5 0000 0000 000000000000"),
              LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.dissection.payload.length, 0U);
}

TEST(Tcp, NamesEveryFlag) {
  const auto flags_of = [](std::string_view bits) {
    const auto bytes = hex(ipv4_of_40, "9c40 0050 00000064 000000c8", bits, "01f5 0000 0000");
    return dissect(bytes, LinkType::ipv4).field(1, "flags");
  };
  EXPECT_EQ(flags_of("5000"), "0x0000");
  EXPECT_EQ(flags_of("51ff"), "0x01ff (AE CWR ECE URG ACK PSH RST SYN FIN)");
  EXPECT_EQ(flags_of("5100"), "0x0100 (AE)");
  EXPECT_EQ(flags_of("5004"), "0x0004 (RST)");
}

TEST(Tcp, SaysWhereThePointerStandsWithoutUrg) {
  const auto packet =
      dissect(hex(ipv4_of_40, "9c40 0050 00000064 000000c8 5e10 01f5 0000 0007"), LinkType::ipv4);
  EXPECT_EQ(packet.field(1, "urgent_pointer"), "7 (without URG)");
  EXPECT_EQ(packet.field(1, "reserved"), "7");
}

}  // namespace
}  // namespace tapdeck
