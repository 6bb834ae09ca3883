#include "dissectors/edit/group_addresses.h"

#include <gtest/gtest.h>

#include "tests/support/address_places.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;
using test::in_ipv4;
using test::place_words;

std::string words(std::string_view message) { return place_words(in_ipv4(2, hex(message))); }

std::string listener_words(std::string_view message) {
  auto packet = hex("6000 0000 0000 3a01 fe80 0000 0000 0000 0000 0000 0000 0001",
                    "ff02 0000 0000 0000 0000 0000 0000 0016", message);
  test::put_big_endian(packet, 4, packet.size() - 40);
  return place_words(packet, LinkType::ipv6);
}

TEST(GroupAddresses, AreThoseOfEveryVersionOfIgmp) {
  EXPECT_EQ(words("1200 0000 e100 0001"), "4 at 38; 42 octets");
  EXPECT_EQ(words("1600 0000 e100 0001"), "4 at 38; 42 octets");
  EXPECT_EQ(words("1164 0000 e100 0001 0000 0002 c000 0201 c000 0202"),
            "4 at 38, 4 at 46, 4 at 50; 54 octets");
  EXPECT_EQ(words("2200 0000 0000 0002 0401 0002 e100 0001 c000 0201 c000 0202 0000 0000"
                  "0100 0000 e100 0002"),
            "4 at 46, 4 at 50, 4 at 54, 4 at 66; 70 octets");
}

TEST(GroupAddresses, AreThoseOfListenerDiscovery) {
  EXPECT_EQ(listener_words("8300 0000 0000 0000 ff0e 0000 0000 0000 0000 0000 0000 0001"),
            "6 at 48; 64 octets");
  EXPECT_EQ(listener_words("8200 0000 0000 0000 ff0e 0000 0000 0000 0000 0000 0000 0001 0000 0001"
                           "2001 0db8 0000 0000 0000 0000 0000 0009"),
            "6 at 48, 6 at 68; 84 octets");
  EXPECT_EQ(listener_words("8f00 0000 0000 0001 0400 0001 ff0e 0000 0000 0000 0000 0000 0000 0001"
                           "2001 0db8 0000 0000 0000 0000 0000 0009"),
            "6 at 52, 6 at 68; 84 octets");
}

TEST(GroupAddresses, AreThoseThatAreThere) {
  EXPECT_EQ(words("2200 0000 0000 ffff 0400 ffff e100 0001 c000 0201"),
            "4 at 46, 4 at 50; 54 octets");
  EXPECT_EQ(words("2200 0000 0000 0001 0400 0002 e100 0001 c000 0201 c000"),
            "4 at 46, 4 at 50; 54 octets");
  EXPECT_EQ(words("1164 0000 e100 0001 0000 ffff"), "4 at 38; 46 octets");
}

// DVMRP, whose routes nobody reads.
TEST(GroupAddresses, MayStandInMessagesThatNobodyKnows) {
  EXPECT_EQ(words("1303 0000 0000 0000 c000 0201"), "; 38 octets");
}

}  // namespace
}  // namespace tapdeck
