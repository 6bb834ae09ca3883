#include "dissectors/edit/extension_addresses.h"

#include <gtest/gtest.h>

#include "tests/support/address_places.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;
using test::in_ipv4;
using test::place_words;

/// An IPv6 packet with this extension header and nothing behind it.
std::string words(std::uint8_t number, std::string_view header) {
  auto packet = hex("6000 0000 0000 0040 2001 0db8 0000 0000 0000 0000 0000 0001",
                    "2001 0db8 0000 0000 0000 0000 0000 0002", header, "0457 08ae 0008 0000");
  packet[6] = static_cast<std::byte>(number);
  test::put_big_endian(packet, 4, packet.size() - 40);
  return place_words(packet, LinkType::ipv6);
}

constexpr std::uint8_t hop_by_hop = 0, routing = 43, destination = 60;
constexpr std::string_view one = "2001 0db8 0000 0000 0000 0000 0000 0003",
                           other = "2001 0db8 0000 0000 0000 0000 0000 0004";

std::string joined_words(std::uint8_t number, std::string_view begin, std::string_view end = {}) {
  return words(number,
               std::string(begin) + std::string(one) + std::string(other) + std::string(end));
}

TEST(ExtensionAddresses, AreThoseOfRoutes) {
  EXPECT_EQ(joined_words(routing, "1104 0002 0000 0000"), "6 at 48, 6 at 64; 88 octets");
  EXPECT_EQ(joined_words(routing, "1104 0401 0100 0000"), "6 at 48, 6 at 64; 88 octets");
  EXPECT_EQ(joined_words(routing, "1105 0401 0100 0000", "0406 0000 0000 0000"),
            "6 at 48, 6 at 64; 96 octets");
  EXPECT_EQ(words(routing, "1102 0201 0000 0000" + std::string(one)), "6 at 48; 72 octets");
}

TEST(ExtensionAddresses, AreNoMoreThanTheHeaderHolds) {
  EXPECT_EQ(joined_words(routing, "1104 0401 ff00 0000"), "6 at 48, 6 at 64; 88 octets");
  EXPECT_EQ(words(routing, "1100 0401 ff00 0000"), "; 56 octets");
}

// Parts of addresses (RFC 6554), and types that nobody knows.
TEST(ExtensionAddresses, MayStandInRoutesThatCantBeRead) {
  EXPECT_EQ(words(routing, "1101 0301 8800 0000 0000 0000 0000 0003"), "; 44 octets");
  EXPECT_EQ(joined_words(routing, "1104 0901 0000 0000"), "; 44 octets");
}

TEST(ExtensionAddresses, AreTheHomeOfAMobileNode) {
  EXPECT_EQ(words(destination, "1102 0102 0000 c910" + std::string(one)), "6 at 48; 72 octets");
  EXPECT_EQ(words(destination, "1102 c914 0000 0000" + std::string(one)), "; 42 octets")
      << "of another length";
}

TEST(ExtensionAddresses, MayStandWhereOptionsCantBeRead) {
  EXPECT_EQ(words(hop_by_hop, "1100 0502 0000 c9ff"), "; 46 octets");
  EXPECT_EQ(words(hop_by_hop, "1100 0502 0000 0100"), "; 56 octets");
}

}  // namespace
}  // namespace tapdeck
