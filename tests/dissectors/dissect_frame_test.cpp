// Frames dissected by themselves: nothing is put together.
#include <gtest/gtest.h>

#include "dissectors/registry.h"
#include "tests/support/dissect.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;

std::string layers_of(const std::vector<std::byte>& frame,
                      LinkType link_type = LinkType::ethernet) {
  test::DissectedPacket packet;
  dissect_frame({.wire_length = static_cast<std::uint32_t>(frame.size()),
                 .link_type = link_type,
                 .bytes = frame},
                packet.dissection);
  return packet.layer_names() + (packet.dissection.is_fragment ? ", a fragment" : "");
}

// 16 octets of a UDP datagram of 100, more of which follow.
constexpr std::string_view first = "4500 0024 0007 2000 4011 0000 c000 0201 c633 6402",
                           later = "4500 0024 0007 0002 4011 0000 c000 0201 c633 6402";
constexpr std::string_view datagram = "0457 08ae 0064 0000 6869 6869 6869 6869";

TEST(DissectFrame, WalksOnInAFirstFragment) {
  EXPECT_EQ(layers_of(hex(first, datagram), LinkType::ipv4), "ipv4 udp, a fragment");
  EXPECT_EQ(layers_of(hex(later, datagram), LinkType::ipv4), "ipv4, a fragment");
}

TEST(DissectFrame, ReadsAsMuchOfATcpHeaderAsTheFragmentHas) {
  EXPECT_EQ(
      layers_of(hex("4500 001c 0007 2000 4006 0000 c000 0201 c633 6402", "9c40 0050 0000 0064"),
                LinkType::ipv4),
      "ipv4 tcp, a fragment");
}

TEST(DissectFrame, WalksOnInATunnelsFirstFragment) {
  // GTP-U of 1,000 octets around the header of an IPv4 packet of 992.
  EXPECT_EQ(layers_of(hex("4500 003c 0007 2000 4011 0000 c000 0201 c633 6402",
                          "0868 0868 03f8 0000 30ff 03e0 0000 0001",
                          "4500 03e0 0001 0000 4011 0000 0a00 0001 0a00 0002 0035 0036"),
                      LinkType::ipv4),
            "ipv4 udp gtp_u ipv4, a fragment");
}

TEST(DissectFrame, FindsWhatTheWalkFindsInWholePackets) {
  EXPECT_EQ(layers_of(hex(test::ethernet_ipv4_udp)), "ethernet ipv4 udp");
  EXPECT_EQ(layers_of(test::in_udp(3544, hex(test::ipv6_udp))),
            "ethernet ipv4 udp teredo ipv6 udp");
}

TEST(DissectFrame, IsLenientInFirstFragmentsOnly) {
  EXPECT_EQ(
      layers_of(hex("4500 0024 0007 0000 4011 0000 c000 0201 c633 6402", datagram), LinkType::ipv4),
      "ipv4");
}

}  // namespace
}  // namespace tapdeck
