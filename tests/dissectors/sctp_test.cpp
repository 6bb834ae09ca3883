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

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto SCTP (132), length 116)
// 192.0.2.10.5000 > 192.0.2.20.36412: sctp (1) [INIT] [init tag: 3735928559] [rwnd: 65535] [OS:
// 10] [MIS: 11] [init TSN: 12] , (2) [DATA] (B)(E) [TSN: 7] [SID: 1] [SSEQ 2] [PPID 0x0] , (3)
// [SACK] [cum ack 7] [a_rwnd 65535] [#gap acks 1] [#dup tsns 1] [gap ack block #1: start = 9, end
// = 10] [dup TSN #1: 6] , (4) [SHUTDOWN] , (5) [COOKIE ACK] , (6) [Unknown chunk type: 0xc8]
TEST(Sctp, ShowsHeaderAndChunks) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0074 1234 4000 4084 a3b3 c000 020a c000 0214 1388 8e3c 0102 0304 0000 0000 "
          "0100 0014 dead beef 0000 ffff 000a 000b 0000 000c 0003 0014 0000 0007 0001 0002 "
          "0000 0000 6162 6364 0300 0018 0000 0007 0000 ffff 0001 0001 0002 0003 0000 0006 "
          "0700 0008 0000 0009 0b00 0004 c800 0005 7a00 0000"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 sctp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 5000
2+2 destination_port: 36412
4+4 verification_tag: 0x01020304
8+4 checksum: 0x00000000 (CRC32c, not verified)
12+20 chunk: 1 (INIT)
  12+1 type: 1
  13+1 flags: 0x00
  14+2 length: 20 (octets)
  16+4 initiate_tag: 0xdeadbeef
  20+4 advertised_receiver_window_credit: 65535 (octets)
  24+2 number_of_outbound_streams: 10
  26+2 number_of_inbound_streams: 11
  28+4 initial_tsn: 12
32+20 chunk: 0 (DATA)
  32+1 type: 0
  33+1 flags: 0x03
  34+2 length: 20 (octets)
  36+4 tsn: 7
  40+2 stream_identifier: 1
  42+2 stream_sequence_number: 2
  44+4 payload_protocol_identifier: 0
  48+4 user_data: 61 62 63 64
52+24 chunk: 3 (SACK)
  52+1 type: 3
  53+1 flags: 0x00
  54+2 length: 24 (octets)
  56+4 cumulative_tsn_ack: 7
  60+4 advertised_receiver_window_credit: 65535 (octets)
  64+2 number_of_gap_ack_blocks: 1
  66+2 number_of_duplicate_tsns: 1
  68+2 gap_start: 2 (from the cumulative TSN on)
  70+2 gap_end: 3
  72+4 duplicate_tsn: 6
76+8 chunk: 7 (SHUTDOWN)
  76+1 type: 7
  77+1 flags: 0x00
  78+2 length: 8 (octets)
  80+4 cumulative_tsn_ack: 9
84+4 chunk: 11 (COOKIE ACK)
  84+1 type: 11
  85+1 flags: 0x00
  86+2 length: 4 (octets)
88+5 chunk: 200 (unknown)
  88+1 type: 200
  89+1 flags: 0x00
  90+2 length: 5 (octets)
  92+1 value: 7a
93+3 padding: 00 00 00
)");
}

TEST(Sctp, ShowsChunksThatCannotBeAsTheyAre) {
  const auto field_of = [](std::string_view chunk, std::string_view name) {
    const auto bytes = hex("4500 0028 1234 4000 4084 0000 c000020a c0000214",
                           "1388 8e3c 01020304 00000000", chunk);
    return dissect(bytes, LinkType::ipv4).field(1, name);
  };
  EXPECT_EQ(field_of("0000 0003 00000000", "cut"), "00 00 00 03 00 00 00 00");
  EXPECT_EQ(field_of("0a00 ffff 01020304", "value"), "01 02 03 04");
  EXPECT_EQ(field_of("0300 0010 00000007", "cumulative_tsn_ack"), "7");
  EXPECT_EQ(field_of("c000 0008 00000007", "chunk"), "192 (FORWARD TSN)");
}

}  // namespace
}  // namespace tapdeck
