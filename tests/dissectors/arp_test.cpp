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

// ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 192.0.2.20 tell 192.0.2.10, length 28
TEST(Arp, ShowsEveryFieldAndLeavesThePadding) {
  const auto packet = dissect_by_the_rules(
      hex("ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 c000020a",
          "000000000000 c0000214 000000000000000000000000000000000000"),
      LinkType::ethernet);
  EXPECT_EQ(packet.layer_names(), "ethernet arp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.layer(1).header_length, 28U);
  EXPECT_EQ(layer_text(packet.dissection, 1), R"(0+2 hardware_type: 1 (Ethernet)
2+2 protocol_type: 0x0800 (IPv4)
4+1 hardware_length: 6 (octets)
5+1 protocol_length: 4 (octets)
6+2 operation: 1 (request)
8+6 sender_hardware_address: 02:00:00:00:00:01
14+4 sender_protocol_address: 192.0.2.10
18+6 target_hardware_address: 00:00:00:00:00:00
24+4 target_protocol_address: 192.0.2.20
)");
}

TEST(Arp, TellsProbesAndAnnouncements) {
  const auto target_of = [](std::string_view sender, std::string_view operation) {
    const auto bytes = hex("ffffffffffff 020000000001 0806 0001 0800 06 04", operation,
                           "020000000001", sender, "000000000000 c0000214");
    return dissect(bytes).field(1, "target_protocol_address");
  };
  EXPECT_EQ(target_of("00000000", "0001"), "192.0.2.20 (a probe)");
  EXPECT_EQ(target_of("c0000214", "0001"), "192.0.2.20 (an announcement)");
  EXPECT_EQ(target_of("c0000214", "0002"), "192.0.2.20");
}

TEST(Arp, TakesAddressesOfAnyLength) {
  const auto packet = dissect_by_the_rules(
      hex("ffffffffffff 020000000001 0806 0006 86dd 02 03 0009 aabb 010203 ccdd 040506"),
      LinkType::ethernet);
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.field(1, "sender_hardware_address"), "aa bb");
  EXPECT_EQ(packet.field(1, "target_protocol_address"), "04 05 06");
  EXPECT_EQ(packet.field(1, "operation"), "9 (inverse reply)");
}

TEST(Arp, RefusesAddressesThatDontFit) {
  const auto packet = dissect(hex("ffffffffffff 020000000001 0806 0001 0800 ff ff 0001"));
  EXPECT_EQ(packet.fault(), "bad_length of arp at 14, needs 1028 has 8");
}

// Ethernet (len 6), IPv4 (len 4), Reverse Request who-is 02:00:00:00:00:01
TEST(Rarp, HasAnEtherTypeOfItsOwn) {
  const auto packet = dissect_by_the_rules(
      hex("ffffffffffff 020000000001 8035 0001 0800 06 04 0003 020000000001 00000000",
          "020000000001 00000000"),
      LinkType::ethernet);
  EXPECT_EQ(packet.layer_names(), "ethernet rarp");
  EXPECT_EQ(packet.field(1, "operation"), "3 (reverse request)");
}

}  // namespace
}  // namespace tapdeck
