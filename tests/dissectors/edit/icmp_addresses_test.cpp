#include "dissectors/edit/icmp_addresses.h"

#include <gtest/gtest.h>

#include "tests/support/address_places.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;
using test::in_ipv4;
using test::place_words;

constexpr std::string_view v6_ends =
    "2001 0db8 0000 0000 0000 0000 0000 0001 2001 0db8 0000 0000 0000 0000 0000 0002";

/// An IPv6 packet around a message of up to 255 octets.
std::vector<std::byte> in_ipv6(std::string_view message) {
  auto packet = hex("6000 0000 0000 3aff", v6_ends, message);
  test::put_big_endian(packet, 4, packet.size() - 40);
  return packet;
}

TEST(IcmpAddresses, AreTheGatewayOfARedirect) {
  const auto redirect = in_ipv4(1, hex("0501 0000 c000 0201", test::ipv4_udp));
  EXPECT_EQ(place_words(redirect), "4 at 38; 72 octets");
}

TEST(IcmpAddresses, AreTheRoutersThatAreThere) {
  const auto advertised = [](std::string_view message) {
    return place_words(in_ipv4(1, hex(message)));
  };
  EXPECT_EQ(advertised("0900 0000 0202 0708 c000 0201 0000 0000 c000 0202 0000 0001"),
            "4 at 42, 4 at 50; 58 octets");
  EXPECT_EQ(advertised("0900 0000 0202 0708 c000 0201 0000 0000 c000 02"), "4 at 42; 50 octets");
  EXPECT_EQ(advertised("0900 0000 ff02 0708 c000 0201 0000 0000"), "4 at 42; 50 octets");
  EXPECT_EQ(advertised("0900 0000 0200 0708 c000 0201 0000 0000"), "; 42 octets");
}

TEST(IcmpAddresses, MayStandInMessagesThatNobodyKnows) {
  EXPECT_EQ(place_words(in_ipv4(1, hex("2a00 0000 0001 0101 c000 0201"))), "; 38 octets");
  EXPECT_EQ(place_words(in_ipv4(1, hex("0800 0000 0001 0001 c000 0201"))), "; 46 octets");
  EXPECT_EQ(place_words(in_ipv6("8b00 0000 0000 0000 0102 0304 0506 0708 2001 0db8 0000 0000"),
                        LinkType::ipv6),
            "; 44 octets");
}

// The quote is padded to 32 words of 4 octets, then an interface says its address (RFC 5837).
TEST(IcmpAddresses, MayStandBehindAQuote) {
  auto message = hex("0303 0000 0020 0000", test::ipv4_udp);
  message.resize(8 + 128);
  const auto object = hex("2000 0000 000c 0204 0001 0000 c000 020a");
  message.insert(message.end(), object.begin(), object.end());
  EXPECT_EQ(place_words(in_ipv4(1, message)), "; 170 octets");
}

TEST(IcmpAddresses, MayStandBehindAQuoteWhoseLengthIsLeftOut) {
  auto message = hex("0303 0000 0000 0000", test::ipv4_udp);
  message.resize(8 + 128);
  const auto object = hex("2000 1be4 000c 0204 0001 0000 c000 020a");
  message.insert(message.end(), object.begin(), object.end());
  EXPECT_EQ(place_words(in_ipv4(1, message)), "; 170 octets");
}

TEST(IcmpAddresses, AreThoseOfNeighbourDiscovery) {
  EXPECT_EQ(place_words(in_ipv6("8700 0000 0000 0000 2001 0db8 0000 0000 0000 0000 0000 0002 0e01"
                                "0102 0304 0506"),
                        LinkType::ipv6),
            "6 at 48; 72 octets");
  // A route whose prefix is as long as an address, one that is cut off, one that is the default.
  EXPECT_EQ(place_words(in_ipv6("8600 0000 4000 0708 0000 0000 0000 0000 1803 8000 0000 0001"
                                "2001 0db8 0000 0000 0000 0000 0000 0000"
                                "1801 0000 0000 0001 1802 4000 0000 0001 2001 0db8 0000 0000"),
                        LinkType::ipv6),
            "6 at 64; 88 octets");
}

TEST(IcmpAddresses, MayStandBehindOptionsOfNeighbourDiscovery) {
  // The packet that a redirect is about; an option without a length.
  EXPECT_EQ(place_words(in_ipv6("8900 0000 0000 0000 2001 0db8 0000 0000 0000 0000 0000 0003"
                                "2001 0db8 0000 0000 0000 0000 0000 0004 0402 0000 0000 0000"
                                "6000 0000 0000 3b40"),
                        LinkType::ipv6),
            "6 at 48, 6 at 64; 80 octets");
  EXPECT_EQ(place_words(in_ipv6("8500 0000 0000 0000 0100 2001 0db8 0000"), LinkType::ipv6),
            "; 48 octets");
}

}  // namespace
}  // namespace tapdeck
