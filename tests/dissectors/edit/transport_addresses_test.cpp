#include "dissectors/edit/transport_addresses.h"

#include <gtest/gtest.h>

#include "tests/support/address_places.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;
using test::in_ipv4;
using test::place_words;

constexpr std::string_view v6 = "2001 0db8 0000 0000 0000 0000 0000 0001";

/// Chunks behind an SCTP header: they begin at octet 46.
std::string chunk_words(const std::string& chunks) {
  return place_words(in_ipv4(132, hex("1388 0050 0000 0000 0000 0000", chunks)));
}

const std::string init = "0000 0001 0000 ffff 0001 0001 0000 0001";

TEST(TransportAddresses, AreThoseOfTheBeginOfAnAssociation) {
  EXPECT_EQ(chunk_words("0100 0036" + init + "0005 0008 c000 0201 0006 0014" + std::string(v6) +
                        "000c 0006 0005 0000"),
            "4 at 70, 6 at 78; 102 octets");
  EXPECT_EQ(chunk_words("0200 0020" + init + "0008 000c 0005 0008 c000 0201"), "4 at 74; 78 octets")
      << "one that the peer didn't know";
}

TEST(TransportAddresses, AreThoseThatComeAndGo) {
  EXPECT_EQ(chunk_words("c100 0020 0000 0001 0005 0008 c000 0201 c001 0010 0000 0001"
                        "0005 0008 c000 0202"),
            "4 at 58, 4 at 74; 78 octets");
}

TEST(TransportAddresses, StandBehindData) {
  EXPECT_EQ(chunk_words("0003 0011 0000 0001 0000 0000 0000 0000 6100 0000"
                        "c100 0010 0000 0001 0005 0008 c000 0201"),
            "4 at 78; 82 octets");
}

TEST(TransportAddresses, MayStandInCookiesAndHeartbeats) {
  EXPECT_EQ(chunk_words("0200 0020" + init + "0007 000c c000 0201 c000 0202"), "; 70 octets");
  EXPECT_EQ(chunk_words("0a00 0008 c000 0201"), "; 50 octets");
  EXPECT_EQ(chunk_words("0400 000c 0001 0008 c000 0201"), "; 50 octets");
  EXPECT_EQ(chunk_words("0600 0004"), "; 50 octets") << "an abort without a cause";
}

TEST(TransportAddresses, MayStandWhereLengthsAreWrong) {
  EXPECT_EQ(chunk_words("0100 0003 c000 0201"), "; 46 octets");
  EXPECT_EQ(chunk_words("0100 001c" + init + "0005 0009 c000 0201"), "; 70 octets");
  EXPECT_EQ(chunk_words("0100 001c" + init + "000c 0003 c000 0201"), "; 70 octets");
  EXPECT_EQ(chunk_words("0100 ffff" + init + "0005 0008 c000"), "; 70 octets");
}

std::string option_words(std::uint8_t header_words, const std::string& options) {
  auto segment = hex("9c40 0050 0000 0064 0000 0000 0010 01f5 0000 0000", options);
  segment[12] = static_cast<std::byte>(header_words << 4U);
  return place_words(in_ipv4(6, segment));
}

TEST(TransportAddresses, AreThoseOfMultipathTcp) {
  EXPECT_EQ(option_words(7, "1e08 3001 c000 0209"), "4 at 58; 62 octets");
  EXPECT_EQ(option_words(10, "1e12 3001 c000 0209 0050 0102 0304 0506 0708 0101"),
            "4 at 58; 74 octets");
  EXPECT_EQ(option_words(10, "1e14 3001" + std::string(v6)), "6 at 58; 74 octets");
  EXPECT_EQ(option_words(13, "1e1e 3001" + std::string(v6) + "0050 0102 0304 0506 0708 0101"),
            "6 at 58; 86 octets");
  EXPECT_EQ(option_words(7, "1e08 4001 0203 0405"), "; 62 octets") << "REMOVE_ADDR";
}

TEST(TransportAddresses, MayStandWhereOptionsCantBeRead) {
  EXPECT_EQ(option_words(7, "1e06 3001 c000 0000"), "; 54 octets");
  EXPECT_EQ(option_words(7, "0101 1e20 3001 c000"), "; 56 octets");
  EXPECT_EQ(option_words(7, "0101 0101 1e08 3001"), "; 58 octets");
}

}  // namespace
}  // namespace tapdeck
