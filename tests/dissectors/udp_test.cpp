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
TEST(Udp, ShowsEveryField) {
  const auto packet = dissect_by_the_rules(
      hex("45b9 0021 1234 4000 4011 a3c0 c000 020a c000 0214 1388 0035 000d 2426 6865 6c6c "
          "6f"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 5000
2+2 destination_port: 53
4+2 length: 13 (octets)
6+2 checksum: 0x2426 (good)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto unknown (136), length 32) 192.0.2.10
// > 192.0.2.20: ip-proto-136 12
TEST(UdpLite, ShowsCoverage) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0020 1234 4000 4088 a403 c000 020a c000 0214 1388 0035 0000 86c0 6c69 7465"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 udp_lite");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 5000
2+2 destination_port: 53
4+2 checksum_coverage: 0 (all)
6+2 checksum: 0x86c0 (good)
)");
}

// IP (tos 0x0, ttl 64, id 4660, offset 0, flags [DF], proto DCCP (33), length 36) 192.0.2.10.5000
// > 192.0.2.20.53: DCCP (CCVal 1, CsCov 0, cksum 0xabcd (incorrect -> 0x50a5))
// truncated-DCCP-Request - 4 bytes missing!
TEST(Dccp, ShowsGenericHeader) {
  const auto packet = dissect_by_the_rules(
      hex("4500 0024 1234 4000 4021 a466 c000 020a c000 0214 1388 0035 0410 abcd 0100 1234 "
          "0000 0009"),
      LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 dccp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 source_port: 5000
2+2 destination_port: 53
4+1 data_offset: 16 (octets)
5+1 ccval_and_checksum_coverage: 0x10
6+2 checksum: 0xabcd (not verified)
8+1 type: 0 (Request)
8+1 extended_sequence_numbers: 1
9+7 sequence_number: 00 12 34 00 00 00 09
)");
}

constexpr std::string_view ipv4_of_udp = "4500 0020 1234 4000 4011 0000 c000020a c0000214";

TEST(Udp, EndsWhereItsLengthSays) {
  const auto packet = dissect(hex(ipv4_of_udp, "1388 270f 000a 0000 aabbccdd"), LinkType::ipv4);
  EXPECT_EQ(packet.layer_names(), "ipv4 udp");
  EXPECT_EQ(packet.dissection.payload.length, 2U);
}

TEST(Udp, RefusesWhatContradictsItself) {
  const auto fault_of = [](std::string_view text) {
    return dissect(hex(ipv4_of_udp, text), LinkType::ipv4).fault();
  };
  EXPECT_EQ(fault_of("1388 270f 0007 0000 aabbccdd"), "bad_length of udp at 20, needs 8 has 12");
  EXPECT_EQ(fault_of("1388 270f 0000 0000 aabbccdd"), "bad_length of udp at 20, needs 8 has 12");
  EXPECT_EQ(fault_of("1388 270f 000d 0000 aabbccdd"), "bad_length of udp at 20, needs 13 has 12");
}

TEST(UdpLite, RefusesCoverageOfLessThanItsHeaderOrMoreThanThePacket) {
  const auto fault_of = [](std::string_view text) {
    return dissect(hex("4500 0020 1234 4000 4088 0000 c000020a c0000214", text), LinkType::ipv4)
        .fault();
  };
  EXPECT_EQ(fault_of("1388 270f 0007 0000 aabbccdd"),
            "bad_length of udp_lite at 20, needs 8 has 12");
  EXPECT_EQ(fault_of("1388 270f 000d 0000 aabbccdd"),
            "bad_length of udp_lite at 20, needs 13 has 12");
  EXPECT_EQ(fault_of("1388 270f 000c 0000 aabbccdd"), "none");
}

TEST(Dccp, RefusesADataOffsetThatCannotBe) {
  const auto fault_of = [](std::string_view offset) {
    const auto bytes = hex("4500 0020 1234 4000 4021 0000 c000020a c0000214 1388 0035", offset,
                           "10 abcd 00 001234");
    return dissect(bytes, LinkType::ipv4).fault();
  };
  EXPECT_EQ(fault_of("02"), "bad_length of dccp at 20, needs 12 has 12");
  EXPECT_EQ(fault_of("04"), "bad_length of dccp at 20, needs 16 has 12");
  EXPECT_EQ(fault_of("03"), "none");
}

}  // namespace
}  // namespace tapdeck
