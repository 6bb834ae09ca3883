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

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 64) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0xb1c7 (correct), ack 1, win 501, options [mptcp 22 capable
// v1 csum {0x1020304050607,0x1011121314151617},nop,nop], length 0
TEST(MultipathTcp, ShowsCapable) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0040 1234 4000 4006 a465 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "b010 01f5 b1c7 0000 1e16 0181 0001 0203 0405 0607 1011 1213 1415 1617 012c 0101"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 44 (octets)
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
16+2 checksum: 0xb1c7 (good)
18+2 urgent_pointer: 0
20+22 multipath: 01 81 00 01 02 03 04 05 06 07 10 11 12 13 14 15 16 17 01 2c (MP_CAPABLE)
  20+1 kind: 30
  21+1 length: 22 (octets)
  22+1 subtype: 0 (MP_CAPABLE)
  22+1 version: 1
  23+1 flags: 0x81
    23+1 checksum_required: 1
    23+1 no_more_addresses: 0
    23+1 hmac_sha_256: 1
  24+8 senders_key: 0x0001020304050607
  32+8 receivers_key: 0x1011121314151617
  40+2 data_level_length: 300 (octets)
42+1 no_operation: 01
43+1 no_operation: 01
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 52) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [S], cksum 0x70f8 (correct), seq 100, win 501, options [mptcp 12 join
// backup id 2 token 0xaabbccdd nonce 0x11223344], length 0
TEST(MultipathTcp, ShowsJoinOfSyn) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0034 1234 4000 4006 a471 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "8002 01f5 70f8 0000 1e0c 1102 aabb ccdd 1122 3344"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 32 (octets)
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
16+2 checksum: 0x70f8 (good)
18+2 urgent_pointer: 0
20+12 multipath: 11 02 aa bb cc dd 11 22 33 44 (MP_JOIN)
  20+1 kind: 30
  21+1 length: 12 (octets)
  22+1 subtype: 1 (MP_JOIN)
  22+1 backup: 1
  23+1 address_id: 2
  24+4 receivers_token: 0xaabbccdd
  28+4 senders_random_number: 0x11223344
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 56) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [S.], cksum 0xcd69 (correct), seq 100, ack 200, win 501, options [mptcp
// 16 join id 2 hmac 0x1020304050607 nonce 0x11223344], length 0
TEST(MultipathTcp, ShowsJoinOfSynAck) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0038 1234 4000 4006 a46d c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "9012 01f5 cd69 0000 1e10 1002 0001 0203 0405 0607 1122 3344"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 36 (octets)
12+1 reserved: 0
12+2 flags: 0x0012 (ACK SYN)
  12+1 accurate_ecn: 0
  13+1 congestion_window_reduced: 0
  13+1 ecn_echo: 0
  13+1 urgent: 0
  13+1 acknowledgment: 1
  13+1 push: 0
  13+1 reset: 0
  13+1 synchronize: 1
  13+1 finish: 0
14+2 window: 501 (octets before scaling)
16+2 checksum: 0xcd69 (good)
18+2 urgent_pointer: 0
20+16 multipath: 10 02 00 01 02 03 04 05 06 07 11 22 33 44 (MP_JOIN)
  20+1 kind: 30
  21+1 length: 16 (octets)
  22+1 subtype: 1 (MP_JOIN)
  22+1 backup: 0
  23+1 address_id: 2
  24+8 senders_truncated_hmac: 0x0001020304050607
  32+4 senders_random_number: 0x11223344
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 64) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0xa36f (correct), ack 1, win 501, options [mptcp 24 join hmac
// 0x000102030405060708090a0b0c0d0e0f10111213], length 0
TEST(MultipathTcp, ShowsJoinOfAck) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0040 1234 4000 4006 a465 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "b010 01f5 a36f 0000 1e18 1000 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f 1011 1213"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 44 (octets)
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
16+2 checksum: 0xa36f (good)
18+2 urgent_pointer: 0
20+24 multipath: 10 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 (MP_JOIN)
  20+1 kind: 30
  21+1 length: 24 (octets)
  22+1 subtype: 1 (MP_JOIN)
  22+1 backup: 0
  23+1 reserved: 00
  24+20 senders_hmac: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 68) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0xdd89 (correct), ack 1, win 501, options [mptcp 28 dss fin
// ack 5 seq 6 subseq 7 len 8 csum 0x9], length 0
TEST(MultipathTcp, ShowsDataSequenceSignal) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0044 1234 4000 4006 a461 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "c010 01f5 dd89 0000 1e1c 201f 0000 0000 0000 0005 0000 0000 0000 0006 0000 0007 "
          "0008 0009"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 48 (octets)
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
16+2 checksum: 0xdd89 (good)
18+2 urgent_pointer: 0
20+28 multipath: 20 1f 00 00 00 00 00 00 00 05 00 00 00 00 00 00 00 06 00 00 00 07 00 08 00 09 (DSS)
  20+1 kind: 30
  21+1 length: 28 (octets)
  22+1 subtype: 2 (DSS)
  22+1 reserved_bits: 0
  23+1 flags: 0x1f
    23+1 data_fin: 1
    23+1 data_sequence_number_has_8_octets: 1
    23+1 data_sequence_number_present: 1
    23+1 data_ack_has_8_octets: 1
    23+1 data_ack_present: 1
  24+8 data_ack: 5
  32+8 data_sequence_number: 6
  40+4 subflow_sequence_number: 7 (relative)
  44+2 data_level_length: 8 (octets)
  46+2 checksum: 0x0009
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 60) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0xff24 (correct), ack 1, win 501, options [mptcp 18 add-addr
// v1 id 3 192.0.2.20:8080 hmac 0x1020304050607,nop,nop], length 0
TEST(MultipathTcp, ShowsAddedAddressWithPort) {
  const auto packet = dissect_by_the_rules(
      hex("4500 003c 1234 4000 4006 a469 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "a010 01f5 ff24 0000 1e12 3003 c000 0214 1f90 0001 0203 0405 0607 0101"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
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
16+2 checksum: 0xff24 (good)
18+2 urgent_pointer: 0
20+18 multipath: 30 03 c0 00 02 14 1f 90 00 01 02 03 04 05 06 07 (ADD_ADDR)
  20+1 kind: 30
  21+1 length: 18 (octets)
  22+1 subtype: 3 (ADD_ADDR)
  22+1 echo: 0
  23+1 address_id: 3
  24+4 address: 192.0.2.20
  28+2 port: 8080
  30+8 truncated_hmac: 00 01 02 03 04 05 06 07
38+1 no_operation: 01
39+1 no_operation: 01
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 60) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0xbeff (correct), ack 1, win 501, options [mptcp 20 add-addr
// v1-echo id 3 2001:db8::20], length 0
TEST(MultipathTcp, ShowsAddedIpv6Address) {
  const auto packet = dissect_by_the_rules(
      hex("4500 003c 1234 4000 4006 a469 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "a010 01f5 beff 0000 1e14 3103 2001 0db8 0000 0000 0000 0000 0000 0020"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
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
16+2 checksum: 0xbeff (good)
18+2 urgent_pointer: 0
20+20 multipath: 31 03 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 20 (ADD_ADDR)
  20+1 kind: 30
  21+1 length: 20 (octets)
  22+1 subtype: 3 (ADD_ADDR)
  22+1 echo: 1
  23+1 address_id: 3
  24+16 address: 2001:db8::20
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 64) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0xe8c3 (correct), ack 1, win 501, options [mptcp 4 rem-addr
// id 3,mptcp 3 prio backup,mptcp 12 fail seq 99,mptcp 4 unknown,nop], length 0
TEST(MultipathTcp, ShowsSmallSubtypes) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0040 1234 4000 4006 a465 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "b010 01f5 e8c3 0000 1e04 4003 1e03 511e 0c60 0000 0000 0000 0000 631e 0480 0201"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 44 (octets)
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
16+2 checksum: 0xe8c3 (good)
18+2 urgent_pointer: 0
20+4 multipath: 40 03 (REMOVE_ADDR)
  20+1 kind: 30
  21+1 length: 4 (octets)
  22+1 subtype: 4 (REMOVE_ADDR)
  22+1 reserved_bits: 0
  23+1 address_id: 3
24+3 multipath: 51 (MP_PRIO)
  24+1 kind: 30
  25+1 length: 3 (octets)
  26+1 subtype: 5 (MP_PRIO)
  26+1 backup: 1
27+12 multipath: 60 00 00 00 00 00 00 00 00 63 (MP_FAIL)
  27+1 kind: 30
  28+1 length: 12 (octets)
  29+1 subtype: 6 (MP_FAIL)
  29+1 reserved_bits: 0
  30+1 reserved: 00
  31+8 data_sequence_number: 99
39+4 multipath: 80 02 (MP_TCPRST)
  39+1 kind: 30
  40+1 length: 4 (octets)
  41+1 subtype: 8 (MP_TCPRST)
  41+1 transient: 0
  42+1 reason: 2 (lack of resources)
43+1 no_operation: 01
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto TCP (6), length 52) 192.0.2.10.40000
// > 192.0.2.20.80: Flags [.], cksum 0xc1db (correct), ack 1, win 501, options [mptcp 12
// fast-close key 0x1020304050607], length 0
TEST(MultipathTcp, ShowsFastClose) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0034 1234 4000 4006 a471 c000 020a c000 0214 9c40 0050 0000 0064 0000 00c8 "
          "8010 01f5 c1db 0000 1e0c 7000 0001 0203 0405 0607"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 tcp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 40000
2+2 destination_port: 80
4+4 sequence_number: 100
8+4 acknowledgment_number: 200
12+1 data_offset: 32 (octets)
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
16+2 checksum: 0xc1db (good)
18+2 urgent_pointer: 0
20+12 multipath: 70 00 00 01 02 03 04 05 06 07 (MP_FASTCLOSE)
  20+1 kind: 30
  21+1 length: 12 (octets)
  22+1 subtype: 7 (MP_FASTCLOSE)
  22+1 reserved_bits: 0
  23+1 reserved: 00
  24+8 receivers_key: 0x0001020304050607
)");
}

}  // namespace
}  // namespace tapdeck
