// Fragments through the whole walk: what their datagrams hold is dissected with the frame that
// completes them.
#include <gtest/gtest.h>

#include "dissectors/checksum.h"
#include "dissectors/dissector.h"
#include "dissectors/registry.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;

/// Takes frames one after the other, each of them alive until the end.
class Frames {
 public:
  const Dissection& add(std::vector<std::byte> bytes, LinkType link_type) {
    x_frames.push_back(std::move(bytes));
    const auto length = static_cast<std::uint32_t>(x_frames.back().size());
    x_dissector.dissect({.wire_length = length, .link_type = link_type, .bytes = x_frames.back()},
                        x_dissection);
    test::expect_fields_keep_the_rules(x_dissection);
    return x_dissection;
  }

  [[nodiscard]] std::string layers() const {
    std::string names;
    for (const Layer& layer : x_dissection.all_layers()) {
      names += (names.empty() ? "" : " ") + std::string(name_of(layer.protocol)) +
               std::string(layer.reassembled, '*');
    }
    return names;
  }

 private:
  std::vector<std::vector<std::byte>> x_frames;
  Dissector x_dissector;
  Dissection x_dissection;
};

std::string text_of(Region region) {
  return {reinterpret_cast<const char*>(region.bytes.data()), region.bytes.size()};
}

// IP 198.51.100.1 > 198.51.100.2: IP 192.0.2.10.5000 > 192.0.2.20.9000: UDP, length 24, in two
// fragments, each of them fragmented again by the tunnel.
TEST(Fragments, OfATunnelThatCarriesFragments) {
  Frames frames;
  frames.add(hex("4500 002c 0064 2000 4004 0600 c633 6401 c633 6402 4500 0024 0007 2000 4011 d6a3 "
                 "c000 020a c000 0214 1388 2328"),
             LinkType::ipv4);
  EXPECT_EQ(frames.layers(), "ipv4");
  frames.add(hex("4500 0020 0064 0003 4004 2609 c633 6401 c633 6402 0020 ac4d 7477 656e 7479 2d66"),
             LinkType::ipv4);
  EXPECT_EQ(frames.layers(), "ipv4 ipv4*");
  frames.add(hex("4500 002c 0065 2000 4004 05ff c633 6401 c633 6402 4500 0024 0007 0002 4011 f6a1 "
                 "c000 020a c000 0214 6f75 7220"),
             LinkType::ipv4);
  EXPECT_EQ(frames.layers(), "ipv4");
  const Dissection& dissection = frames.add(
      hex("4500 0020 0065 0003 4004 2608 c633 6401 c633 6402 6f63 7465 7473 2064 6174 6121"),
      LinkType::ipv4);
  EXPECT_EQ(frames.layers(), "ipv4 ipv4* udp**");
  EXPECT_FALSE(dissection.is_fragment);
  EXPECT_EQ(text_of(dissection.payload), "twenty-four octets data!");
  EXPECT_EQ(dissection.reassembly.frames, 4U);
  EXPECT_EQ(dissection.reassembly.frame_octets, 152U);
  EXPECT_EQ(verify_checksums(dissection),
            (ChecksumReport{ChecksumStatus::good, ChecksumStatus::good}));
}

// IP6 2001:db8::10.5000 > 2001:db8::20.9000: UDP, length 24, the last fragment first. Its next
// header lies; the one at offset 0 counts (RFC 8200 §4.5).
TEST(Fragments, TheFirstSaysWhatAnIpv6DatagramHolds) {
  Frames frames;
  frames.add(hex("6000 0000 0018 2c40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
                 "0000 0000 0000 0020 3b00 0010 0000 beef 6f75 7220 6f63 7465 7473 2064 6174 6121"),
             LinkType::ipv6);
  EXPECT_EQ(frames.layers(), "ipv6 fragment");
  const Dissection& dissection = frames.add(
      hex("6000 0000 0018 2c40 2001 0db8 0000 0000 0000 0000 0000 0010 2001 0db8 0000 0000 "
          "0000 0000 0000 0020 1100 0001 0000 beef 1388 2328 0020 d4ca 7477 656e 7479 2d66"),
      LinkType::ipv6);
  EXPECT_EQ(frames.layers(), "ipv6 fragment udp*");
  EXPECT_EQ(text_of(dissection.payload), "twenty-four octets data!");
  EXPECT_EQ(verify_checksums(dissection),
            (ChecksumReport{ChecksumStatus::absent, ChecksumStatus::good}));
}

/// One of two fragments of IP 192.0.2.10.5000 > 192.0.2.20.9000, UDP, length 24, in a VXLAN.
std::vector<std::byte> in_vxlan(std::string_view network_id, std::string_view fragment) {
  return test::in_udp(4789, hex("0800 0000", network_id, test::macs, "0800", fragment));
}

constexpr std::string_view first_fragment =
    "4500 0024 0007 2000 4011 d6a3 c000 020a c000 0214 1388 2328 0020 ac4d 7477 656e 7479 2d66";
constexpr std::string_view last_fragment =
    "4500 0024 0007 0002 4011 f6a1 c000 020a c000 0214 6f75 7220 6f63 7465 7473 2064 6174 6121";

TEST(Fragments, OfTwoVirtualNetworksStayApart) {
  Frames frames;
  frames.add(in_vxlan("0000 6400", first_fragment), LinkType::ethernet);
  EXPECT_TRUE(frames.add(in_vxlan("0000 6500", last_fragment), LinkType::ethernet).is_fragment);
  const Dissection& whole = frames.add(in_vxlan("0000 6400", last_fragment), LinkType::ethernet);
  EXPECT_EQ(frames.layers(), "ethernet ipv4 udp vxlan ethernet ipv4 udp*");
  EXPECT_EQ(text_of(whole.payload), "twenty-four octets data!");
  EXPECT_EQ(whole.reassembly.frames, 2U);
}

}  // namespace
}  // namespace tapdeck
