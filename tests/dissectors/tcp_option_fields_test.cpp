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

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 63) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [S], cksum 0xae13 (correct), seq 100:103, win 501, options [tfo cookie
// 0001020304050607,exp-tfo (invalid),tfo cookiereq,nop,nop], length 3: HTTP, length: 3 GET
// [|http]
TEST(TcpOptionFields, ShowsFastOpenInBothForms) {
  const auto packet = dissect_by_the_rules(
      hex("4500 003f 1234 4000 4006 a466 c000 020a c000 0214 9c40 0050 0000 0064 0000 0000 "
          "a002 01f5 ae13 0000 220a 0001 0203 0405 0607 fe06 f989 aabb 2202 0101 4745 54"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 0
12+1 data_offset: 40 (octets)
12+1 reserved: 0
12+2 flags: 0x0002 (SYN)
  12+1 accurate_ecn: 0
  13+1 congestion_window_reduced: 0
  13+1 ecn_echo: 0
  13+1 urgent: 0
  13+1 acknowledgment: 0
  13+1 push: 0
  13+1 reset: 0
  13+1 synchronize: 1
  13+1 finish: 0
14+2 window: 501 (octets before scaling)
16+2 checksum: 0xae13 (good)
18+2 urgent_pointer: 0
20+10 fast_open: 00 01 02 03 04 05 06 07 (cookie)
  20+1 kind: 34
  21+1 length: 10 (octets)
  22+8 cookie: 00 01 02 03 04 05 06 07
30+6 experiment: f9 89 aa bb
  30+1 kind: 254
  31+1 length: 6 (octets)
  32+2 experiment_id: 0xf989 (TCP Fast Open)
  34+2 cookie: aa bb
36+2 fast_open:  (asks for a cookie)
  36+1 kind: 34
  37+1 length: 2 (octets)
38+1 no_operation: 01
39+1 no_operation: 01
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 76) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0x2bdf (correct), ack 1, win 501, options [uto 0x8005
// 983160,tcp-ao keyid 1 rnextkeyid 2 mac 0x09090909,unknown-77 0xfe,wscale 20,unknown-172
// 0x000001000002000003,unknown-174 0x000004,eol], length 0
TEST(TcpOptionFields, ShowsRareAndUnknownOptions) {
  const auto packet = dissect_by_the_rules(
      hex("4500 004c 1234 4000 4006 a459 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "e010 01f5 2bdf 0000 1c04 8005 1d08 0102 0909 0909 4d03 fe03 0314 ac0b 0000 0100 "
          "0002 0000 03ae 0500 0004 0000"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 56 (octets)
12+1 reserved: 0
12+2 flags: 0x0010 (ACK)
  12+1 accurate_ecn: 0
  13+1 congestion_window_reduced: 0
  13+1 ecn_echo: 0
  13+1 urgent: 0
  13+1 acknowledgment: 1
  13+1 push: 0
  13+1 reset: 0
  13+1 synchronize: 0
  13+1 finish: 0
14+2 window: 501 (octets before scaling)
16+2 checksum: 0x2bdf (good)
18+2 urgent_pointer: 0
20+4 user_timeout: 80 05
  20+1 kind: 28
  21+1 length: 4 (octets)
  22+2 timeout: 0x8005 (5 minutes)
24+8 authentication: 01 02 09 09 09 09
  24+1 kind: 29
  25+1 length: 8 (octets)
  26+1 key_id: 1
  27+1 receive_next_key_id: 2
  28+4 message_authentication_code: 09 09 09 09
32+3 option: fe (unknown, type 77)
  32+1 kind: 77
  33+1 length: 3 (octets)
  34+1 data: fe
35+3 window_scale: 20 (times 16384, the largest allowed)
  35+1 kind: 3
  36+1 length: 3 (octets)
  37+1 shift_count: 20 (times 16384, the largest allowed)
38+11 accurate_ecn_0: 00 00 01 00 00 02 00 00 03
  38+1 kind: 172
  39+1 length: 11 (octets)
  40+3 ect_0_octets: 1 (modulo 2^24)
  43+3 ce_octets: 2 (modulo 2^24)
  46+3 ect_1_octets: 3 (modulo 2^24)
49+5 accurate_ecn_1: 00 00 04
  49+1 kind: 174
  50+1 length: 5 (octets)
  51+3 ect_1_octets: 4 (modulo 2^24)
54+2 end_of_options: 00 00 (and padding)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 60) 192.0.2.10.40000
// > 192.0.2.20.179: Flags [.], cksum 0xef39 (correct), ack 200, win 501, options [md5 shared
// secret not supplied with -M, can't check - 000102030405060708090a0b0c0d0e0f,nop,nop], length 0
TEST(TcpOptionFields, ShowsMd5Signature) {
  const auto packet = dissect_by_the_rules(
      hex("4500 003c 1234 4000 4006 a469 c000 020a c000 0214 9c40 00b3 0000 0064 0000 00c8 "
          "a010 01f5 ef39 0000 1312 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f 0101"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 179
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 40 (octets)
12+1 reserved: 0
12+2 flags: 0x0010 (ACK)
  12+1 accurate_ecn: 0
  13+1 congestion_window_reduced: 0
  13+1 ecn_echo: 0
  13+1 urgent: 0
  13+1 acknowledgment: 1
  13+1 push: 0
  13+1 reset: 0
  13+1 synchronize: 0
  13+1 finish: 0
14+2 window: 501 (octets before scaling)
16+2 checksum: 0xef39 (good)
18+2 urgent_pointer: 0
20+18 md5_signature: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f
  20+1 kind: 19
  21+1 length: 18 (octets)
  22+16 digest: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f
38+1 no_operation: 01
39+1 no_operation: 01
)");
}

TEST(TcpOptionFields, ShowsMalformedOptionsAsTheyAre) {
  const auto field_of = [](std::string_view options, std::string_view name) {
    const auto bytes = hex("4500 002c 1234 4000 4006 0000 c000020a c0000214",
                           "9c40 0050 00000064 000000c8 6010 01f5 0000 0000", options);
    return dissect(bytes, LinkType::ipv4).field(1, name);
  };
  EXPECT_EQ(field_of("02 00 05 b4", "malformed_options"), "02 00 05 b4");
  EXPECT_EQ(field_of("02 05 05 b4", "malformed_options"), "02 05 05 b4");
  EXPECT_EQ(field_of("01 01 01 08", "malformed_options"), "08");
  EXPECT_EQ(field_of("02 03 05 01", "cut"), "05");
  EXPECT_EQ(field_of("05 04 00 01", "sack"), "00 01");
  EXPECT_EQ(field_of("1e 02 01 01", "multipath"), "");
  EXPECT_EQ(field_of("1e 03 f0 01", "multipath"), "f0 (MP_EXPERIMENTAL)");
  EXPECT_EQ(field_of("fd 03 00 01", "experiment_id"), "absent");
}

}  // namespace
}  // namespace tapdeck
