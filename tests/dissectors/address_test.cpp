#include "dissectors/address.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace tapdeck {
namespace {

std::string v4(std::string_view octets) {
  return to_string(IpAddress::read_v4(test::hex(octets), 0));
}
std::string v6(std::string_view octets) {
  return to_string(IpAddress::read_v6(test::hex(octets), 0));
}

TEST(AddressText, OfIpv4IsDottedDecimal) {
  EXPECT_EQ(v4("00000000"), "0.0.0.0");
  EXPECT_EQ(v4("0a00636d"), "10.0.99.109");
  EXPECT_EQ(v4("ffffffff"), "255.255.255.255");
}

TEST(AddressText, OfIpv6IsCanonical) {
  EXPECT_EQ(v6("00000000000000000000000000000000"), "::");
  EXPECT_EQ(v6("20010db8000000000001000000000001"), "2001:db8::1:0:0:1");
  EXPECT_EQ(v6("20010db8ffffffffffffffffffffffff"), "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
}

TEST(MacAddress, IsReadBackInEitherCase) {
  const MacAddress address{{0x02, 0x42, 0xac, 0x11, 0x00, 0xff}};
  EXPECT_EQ(parse_mac_address(to_string(address)), address);
  EXPECT_EQ(parse_mac_address("02:42:AC:11:00:FF"), address);
}

TEST(MacAddress, IsNoOtherText) {
  for (const char* text : {"", "02:42:ac:11:00", "02:42:ac:11:00:f", "02:42:ac:11:00:ff:",
                           "02-42-ac-11-00-ff", "02:42:ac:11:00:fg", "2:42:ac:11:00:0ff"}) {
    EXPECT_EQ(parse_mac_address(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tapdeck
