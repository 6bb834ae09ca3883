#include "dissectors/edit/ip_option_addresses.h"

#include <gtest/gtest.h>

#include "tests/support/address_places.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;
using test::in_ipv4;
using test::place_words;

/// A datagram with no payload and these options, as many as 40 octets, padded by ends.
std::vector<std::byte> with_options(std::string_view options) {
  auto packet = hex("4000 0000 0001 0000 4011 0000 c633 6401 c633 6402", options);
  packet.resize((packet.size() + 3) / 4 * 4);
  packet[0] |= static_cast<std::byte>(packet.size() / 4);
  test::put_big_endian(packet, 2, packet.size() + 8);
  const auto udp = hex("0457 08ae 0008 0000");
  packet.insert(packet.end(), udp.begin(), udp.end());
  return packet;
}

std::string words(std::string_view options) {
  return place_words(with_options(options), LinkType::ipv4);
}

TEST(IpOptionAddresses, AreThoseOfRoutes) {
  EXPECT_EQ(words("01 070b 04 c000 0201 0000 0000"), "4 at 24, 4 at 28; 40 octets");
  EXPECT_EQ(words("83 0b 04 c000 0205 c000 0206"), "4 at 23, 4 at 27; 40 octets");
  EXPECT_EQ(words("89 07 04 c000 0205"), "4 at 23; 36 octets");
}

TEST(IpOptionAddresses, StandBesideTimeStamps) {
  EXPECT_EQ(words("44 0c 0d 01 c000 0201 0000 0001"), "4 at 24; 40 octets");
  EXPECT_EQ(words("44 14 05 03 c000 0201 0000 0000 c000 0202 0000 0000"),
            "4 at 24, 4 at 32; 48 octets");
  EXPECT_EQ(words("44 0c 0d 00 0000 0001 0000 0002"), "; 40 octets");
}

TEST(IpOptionAddresses, AreTheOriginatorOfTraceroute) {
  EXPECT_EQ(words("52 0c 0001 0000 ffff c000 0201"), "4 at 28; 40 octets");
}

TEST(IpOptionAddresses, MayStandWhereOptionsCantBeRead) {
  EXPECT_EQ(words("9404 0000 93 06 c000 0201"), "; 24 octets") << "an option that nobody knows";
  EXPECT_EQ(words("07 01 04 c0 0002 0100"), "; 20 octets");
  EXPECT_EQ(words("07 29 04 c0 0002 0100"), "; 20 octets") << "longer than the header";
  EXPECT_EQ(words("01 01 01 07"), "; 23 octets");
}

TEST(IpOptionAddresses, MayBeCut) {
  auto packet = with_options("07 0b 04 c000 0201 c000 0202");
  packet.resize(29);
  EXPECT_EQ(place_words(packet, LinkType::ipv4), "; 20 octets");
}

}  // namespace
}  // namespace tapdeck
