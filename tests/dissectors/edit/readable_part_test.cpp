#include "dissectors/edit/readable_part.h"

#include <vector>

#include <gtest/gtest.h>

#include "dissectors/dissector.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;
using Frame = std::vector<std::byte>;

std::size_t readable(const Frame& frame, LinkType link_type = LinkType::ethernet) {
  Dissection dissection;
  dissect_frame({.wire_length = static_cast<std::uint32_t>(frame.size()),
                 .link_type = link_type,
                 .bytes = frame},
                dissection);
  return readable_octets(dissection);
}

constexpr std::size_t ethernet = 14, ipv4 = 20, udp = 8;

TEST(ReadablePart, IsTheWholeFrameWhereAMessageEndsIt) {
  const Frame datagram = hex(test::ethernet_ipv4_udp);
  EXPECT_EQ(readable(datagram), datagram.size());
  Frame padded = datagram;
  padded.resize(60);
  EXPECT_EQ(readable(padded), 60U);
  Frame arp = hex("ffff ffff ffff 0200 0000 0001 0806 0001 0800 0604 0001",
                  "0200 0000 0001 c000 0201 0000 0000 0000 c000 0202");
  arp.resize(60);
  EXPECT_EQ(readable(arp), 60U);
}

TEST(ReadablePart, EndsBeforeAHeaderThatIsCut) {
  const Frame datagram = hex(test::ethernet_ipv4_udp);
  for (std::size_t length = 0; length < datagram.size(); ++length) {
    const Frame cut(datagram.begin(), datagram.begin() + static_cast<long>(length));
    const std::size_t expected = length < ethernet                ? 0
                                 : length < ethernet + ipv4       ? ethernet
                                 : length < ethernet + ipv4 + udp ? ethernet + ipv4
                                                                  : length;
    EXPECT_EQ(readable(cut), expected) << length;
  }
}

TEST(ReadablePart, EndsBeforeAHeaderWithAWrongLengthOrVersion) {
  Frame frame = hex(test::ethernet_ipv4_udp);
  frame[14] = std::byte{0x44};  // 16 octets of header
  EXPECT_EQ(readable(frame), ethernet);
  frame[14] = std::byte{0x55};
  EXPECT_EQ(readable(frame), ethernet);
  EXPECT_EQ(readable(hex("5500 0000 c000 020a"), LinkType::raw), 0U);
}

TEST(ReadablePart, EndsBeforeWhatNobodyKnows) {
  EXPECT_EQ(readable(hex(test::macs, "88b5 c000 020a c000 020b")), ethernet);
  EXPECT_EQ(readable(test::in_ipv4(112, hex("2101 6401 0001 0000 c000 020a"))), ethernet + ipv4);
  EXPECT_EQ(readable(hex("c000 020a"), static_cast<LinkType>(147)), 0U);
}

// Mobility: a binding update and where the node is. Teredo: where the datagram came from. GRE: a
// route.
TEST(ReadablePart, EndsBeforeAddressesInHeadersThatNobodyMaps) {
  const Frame update = hex("6000 0000 0018 8740 2001 0db8 0000 0000 0000 0000 0000 0001",
                           "2001 0db8 0000 0000 0000 0000 0000 0002 3b02 0500 0000 0001",
                           "c000 0010 2001 0db8 0000 0000 0000 0000");
  EXPECT_EQ(readable(update, LinkType::ipv6), 46U);
  const Frame teredo = test::in_udp(3544, hex("0000 abcd 3fff fdf5", test::ipv6_udp));
  EXPECT_EQ(readable(teredo), ethernet + ipv4 + udp);
  const Frame route = hex("4000 0800 0000 0000 0800 0408 c000 020a 0000 0000");
  EXPECT_EQ(readable(test::in_ipv4(47, route)), ethernet + ipv4);
}

TEST(ReadablePart, HoldsFragmentsOfWhatHoldsData) {
  Frame frame = test::in_ipv4(17, hex("6162 6364 6566 6768"));
  frame[21] = std::byte{1};  // from octet 8 on
  EXPECT_EQ(readable(frame), frame.size());
  frame[23] = std::byte{4};  // of a tunnel
  EXPECT_EQ(readable(frame), ethernet + ipv4);
}

}  // namespace
}  // namespace tapdeck
