// Where addresses stand outside of IP headers, and the check sequence at a frame's end.
#include <gtest/gtest.h>

#include "dissectors/edit/address_places.h"
#include "dissectors/edit/check_sequence.h"
#include "dissectors/trailer.h"
#include "tests/support/dissect.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::hex;
using Kind = AddressPlace::Kind;

std::vector<AddressPlace> places_of(const std::vector<std::byte>& frame,
                                    LinkType link_type = LinkType::ethernet) {
  AddressPlaces places;
  find_address_places(dissect(frame, link_type).dissection, places);
  return places.known;
}

const auto arp = hex("ffff ffff ffff 0200 0000 0001 0806 0001 0800 0604 0001",
                     "0200 0000 0001 c000 0201 0000 0000 0000 c000 0202");

TEST(AddressPlaces, AreThoseOfArp) {
  EXPECT_EQ(places_of(arp), (std::vector<AddressPlace>{{Kind::mac, 0},
                                                       {Kind::mac, 6},
                                                       {Kind::mac, 22},
                                                       {Kind::mac, 32},
                                                       {Kind::ipv4, 28},
                                                       {Kind::ipv4, 38}}));
}

TEST(AddressPlaces, AreCapturedAsAWhole) {
  for (std::size_t length = 0; length < arp.size(); ++length) {
    const std::vector<std::byte> cut(arp.begin(), arp.begin() + static_cast<long>(length));
    for (const AddressPlace& place : places_of(cut)) {
      const std::size_t octets = place.kind == Kind::mac ? 6 : 4;
      EXPECT_LE(place.at + octets, length);
    }
  }
}

TEST(AddressPlaces, AreThoseOfCookedCaptures) {
  EXPECT_EQ(places_of(hex("0000 0001 0006 0200 0000 0001 0000 9999"), LinkType::linux_sll),
            (std::vector<AddressPlace>{{Kind::mac, 6}}));
  EXPECT_EQ(
      places_of(hex("9999 0000 0000 0001 0001 00 06 0200 0000 0001 0000"), LinkType::linux_sll2),
      (std::vector<AddressPlace>{{Kind::mac, 12}}));
}

// A router advertisement with its own link-layer address, a prefix and a name server.
TEST(AddressPlaces, AreThoseOfNeighbourDiscovery) {
  const auto packet =
      hex("6000 0000 0050 3aff fe80 0000 0000 0000 0000 0000 0000 0001",
          "ff02 0000 0000 0000 0000 0000 0000 0001 8600 0000 4000 0708 0000 0000 0000 0000",
          "0101 0200 0000 0001 0304 40c0 0000 0001 0000 0001 0000 0000",
          "2001 0db8 0000 0000 0000 0000 0000 0000 1903 0000 0000 0001",
          "2001 0db8 0000 0000 0000 0000 0000 0053");
  EXPECT_EQ(places_of(packet, LinkType::ipv6),
            (std::vector<AddressPlace>{{Kind::mac, 58}, {Kind::ipv6, 80}, {Kind::ipv6, 104}}));
}

std::vector<std::byte> with_check_sequence(std::vector<std::byte> frame) {
  frame.resize(frame.size() + 4);
  renew_check_sequence(frame);
  return frame;
}

// CRC-32 of the nine digits, as every implementation of it is tried.
TEST(CheckSequence, IsTheCrcOfTheFrame) {
  const auto frame = with_check_sequence(hex("3132 3334 3536 3738 39"));
  EXPECT_EQ(read_little_endian<std::uint32_t>(frame, 9), 0xcbf43926U);
}

TEST(CheckSequence, IsFoundWhereItIsRight) {
  const auto frame = with_check_sequence(hex(test::ethernet_ipv4_udp));
  const auto packet = dissect(frame);
  EXPECT_TRUE(has_right_check_sequence(packet.packet, packet.dissection));
  auto wrong = frame;
  wrong[3] ^= std::byte{1};
  const auto other = dissect(wrong);
  EXPECT_FALSE(has_right_check_sequence(other.packet, other.dissection));
  const auto without = dissect(hex(test::ethernet_ipv4_udp));
  EXPECT_FALSE(has_right_check_sequence(without.packet, without.dissection));
  const auto unknown = dissect(with_check_sequence(hex(test::macs, "88b5 0102 0304")));
  EXPECT_FALSE(has_right_check_sequence(unknown.packet, unknown.dissection)) << "no IP, not said";
}

}  // namespace
}  // namespace tapdeck
