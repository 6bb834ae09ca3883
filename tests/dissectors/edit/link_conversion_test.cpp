#include "dissectors/edit/link_conversion.h"

#include <algorithm>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;

constexpr MacAddress alice{{2, 0, 0, 0, 0, 1}}, bob{{2, 0, 0, 0, 0, 2}};

struct Sample {
  LinkType link_type;
  std::string_view header;
  std::string_view packet;
  std::uint16_t ether_type;
};

const std::vector<Sample>& samples() {
  constexpr auto v4 = test::ipv4_udp, v6 = test::ipv6_udp;
  static const std::vector<Sample> all{
      {LinkType::linux_sll, "0000 0001 0006 0200 0000 0001 0000 0800", v4, 0x0800},
      {LinkType::linux_sll, "0004 0304 0006 0000 0000 0000 0000 86dd", v6, 0x86dd},
      {LinkType::linux_sll, "0001 0001 0006 0200 0000 0001 0000 0806", "0001 0800 0604", 0x0806},
      {LinkType::linux_sll2, "0800 0000 0000 0002 0001 0006 0200 0000 0001 0000", v4, 0x0800},
      {LinkType::null, "0200 0000", v4, 0x0800},
      {LinkType::null, "1e00 0000", v6, 0x86dd},
      {LinkType::loop, "0000 0018", v6, 0x86dd},
      {LinkType::raw, "", v4, 0x0800},
      {LinkType::raw_bsd, "", v6, 0x86dd},
      {LinkType::ipv4, "", v4, 0x0800},
      {LinkType::ipv6, "", v6, 0x86dd},
      {LinkType::ppp, "ff03 0021", v4, 0x0800},
      {LinkType::ppp, "57", v6, 0x86dd},
      {LinkType::ppp_hdlc, "ff03 0057", v6, 0x86dd},
      {LinkType::ppp_with_direction, "01 ff03 0021", v4, 0x0800},
      {LinkType::ethernet, "0200 0000 0002 0200 0000 0001 0800", v4, 0x0800},
  };
  return all;
}

TEST(LinkConversion, FindsThePacketBehindEachHeader) {
  for (const Sample& sample : samples()) {
    EXPECT_TRUE(can_be_converted(sample.link_type));
    const auto frame = hex(sample.header, sample.packet);
    const auto payload = link_payload_of(sample.link_type, frame);
    ASSERT_TRUE(payload) << to_string(sample.link_type) << ' ' << sample.header;
    EXPECT_EQ(payload->ether_type, sample.ether_type) << to_string(sample.link_type);
    EXPECT_TRUE(std::ranges::equal(payload->packet, hex(sample.packet)));
  }
}

TEST(LinkConversion, ACutHeaderHidesNoPacket) {
  for (const Sample& sample : samples()) {
    const auto header = hex(sample.header);
    for (std::size_t length = 0; length < header.size(); ++length) {
      const std::vector<std::byte> cut(header.begin(),
                                       header.begin() + static_cast<std::ptrdiff_t>(length));
      const auto payload = link_payload_of(sample.link_type, cut);
      // A PPP protocol may be shorter than the one that was cut.
      if (payload) {
        EXPECT_TRUE(payload->packet.empty()) << to_string(sample.link_type);
      }
    }
  }
  EXPECT_FALSE(link_payload_of(LinkType::raw, {}));
}

TEST(LinkConversion, KnowsTheSenderWhereTheHeaderNamesIt) {
  const auto source_of = [](std::string_view header) {
    return link_payload_of(LinkType::linux_sll, hex(header, test::ipv4_udp))->source;
  };
  EXPECT_EQ(source_of("0000 0001 0006 0200 0000 0001 0000 0800"), alice);
  EXPECT_EQ(source_of("0000 0304 0006 0000 0000 0000 0000 0800"), std::nullopt);  // loopback
  EXPECT_EQ(source_of("0000 0200 0000 0000 0000 0000 0000 0800"), std::nullopt);  // PPP
  const auto second =
      link_payload_of(LinkType::linux_sll2,
                      hex("0800 0000 0000 0002 0001 0006 0200 0000 0002 0000", test::ipv4_udp));
  EXPECT_EQ(second->source, bob);
}

TEST(LinkConversion, WhatHasNoEtherTypeIsRefused) {
  EXPECT_FALSE(link_payload_of(LinkType::ppp, hex("ff03 c021 0101 0004")));   // negotiation
  EXPECT_FALSE(link_payload_of(LinkType::null, hex("0700 0000 0000 0000")));  // not IP
  EXPECT_FALSE(link_payload_of(LinkType::raw, hex("7500 0000")));             // not IP
  EXPECT_FALSE(link_payload_of(                                               // netlink
      LinkType::linux_sll, hex("0004 0338 0000 0000 0000 0000 0000 0000 0000 0000")));
  EXPECT_FALSE(can_be_converted(LinkType::ieee802_11));
  EXPECT_FALSE(link_payload_of(LinkType::ieee802_11, hex(test::ipv4_udp)));
}

TEST(LinkConversion, GroupsHaveAddressesOfTheirOwn) {
  const auto to = [](std::string_view destination) {
    const auto packet =
        hex("4500 001c 0001 0000 4011 0000 c000 0201", destination, "0457 08ae 0008 0000");
    const auto group = group_destination_of({.packet = packet, .ether_type = 0x0800});
    return group ? to_string(*group) : "next host";
  };
  EXPECT_EQ(to("c633 6402"), "next host");
  EXPECT_EQ(to("ffff ffff"), "ff:ff:ff:ff:ff:ff");
  EXPECT_EQ(to("e000 00fb"), "01:00:5e:00:00:fb");
  EXPECT_EQ(to("efff fffa"), "01:00:5e:7f:ff:fa");

  const auto all_nodes =
      hex("6000 0000 0000 3aff fe80 0000 0000 0000 0000 0000 0000 0001"
          "ff02 0000 0000 0000 0000 0001 ff00 0002");
  const auto group = group_destination_of({.packet = all_nodes, .ether_type = 0x86dd});
  ASSERT_TRUE(group);
  EXPECT_EQ(to_string(*group), "33:33:ff:00:00:02");

  const auto arp = hex("0001 0800 0604 0001");
  const LinkPayload broadcast{.packet = arp, .ether_type = 0x0806, .to_all = true};
  EXPECT_EQ(to_string(*group_destination_of(broadcast)), "ff:ff:ff:ff:ff:ff");
}

TEST(LinkConversion, WritesTheEthernetHeader) {
  const auto packet = hex(test::ipv4_udp);
  std::vector<std::byte> frame(7);
  write_ethernet_frame({.packet = packet, .ether_type = 0x0800}, alice, bob, frame);
  EXPECT_EQ(frame, hex(test::ethernet_ipv4_udp));
}

}  // namespace
}  // namespace tapdeck
