// No address stays in clear in a frame that is anonymised, wherever a header names one and wherever
// the frame is cut.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissectors/edit/checksum_repair.h"
#include "tests/support/checksums.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"
#include "tools/replay/rewriting/rewriter.h"
#include "tools/replay/rewriting/rule_words.h"

namespace tapdeck {
namespace {

using test::hex;
using Frame = std::vector<std::byte>;

RewriteRules rules_of(std::string_view text) {
  RewriteRules rules;
  add_rules(text, "rules", rules);
  return rules;
}

Packet packet_of(const Frame& frame, LinkType link_type = LinkType::ethernet,
                 std::size_t not_captured = 0) {
  return {.wire_length = static_cast<std::uint32_t>(frame.size() + not_captured),
          .link_type = link_type,
          .bytes = frame};
}

Frame rewritten(Rewriter& rewriter, const Packet& packet) {
  const auto result = rewriter.rewrite(packet);
  return result ? Frame(result->bytes.begin(), result->bytes.end()) : Frame{};
}

/// As much of an address of 192.0.2.0/24 or 2001:db8::/32 as tells the network.
bool names_network(const Frame& frame) {
  const std::array networks{hex("c0 00 02"), hex("20 01 0d b8")};
  return std::ranges::any_of(
      networks, [&](const Frame& network) { return !std::ranges::search(frame, network).empty(); });
}

constexpr std::string_view key = "anonymize-key k";

void expect_nothing_in_clear(const Frame& frame, LinkType link_type = LinkType::ethernet) {
  Rewriter rewriter(rules_of(key));
  for (std::size_t length = 0; length <= frame.size(); ++length) {
    const Frame cut(frame.begin(), frame.begin() + static_cast<long>(length));
    for (const std::size_t missing : {std::size_t{0}, frame.size() - length}) {
      EXPECT_FALSE(names_network(rewritten(rewriter, packet_of(cut, link_type, missing))))
          << length << " of " << frame.size() << " octets";
    }
  }
}

/// Every octet set to extremes.
void try_hostile_octets(const Frame& frame, LinkType link_type) {
  Rewriter rewriter(rules_of("anonymize-key k\nnat 192.0.2.0/24=203.0.113.7\nfix-checksums"));
  for (std::size_t at = 0; at < frame.size(); ++at) {
    for (const unsigned value : {0x00U, 0x01U, 0x05U, 0x4fU, 0x7fU, 0x80U, 0xffU}) {
      Frame changed = frame;
      changed[at] = static_cast<std::byte>(value);
      EXPECT_LE(rewritten(rewriter, packet_of(changed, link_type)).size(), frame.size());
    }
  }
}

/// Maps those networks, and expects the sums that are right in the frame to be right still.
void expect_mapped(Frame frame, LinkType link_type, std::string_view checksums) {
  Dissection dissection;
  dissect_frame(packet_of(frame, link_type), dissection);
  repair_checksums(dissection, frame);
  ASSERT_EQ(test::checksum_words(frame, link_type), checksums);
  ASSERT_TRUE(names_network(frame));
  Rewriter rewriter(
      rules_of("ip-map 192.0.2.0/24=10.0.0.0/24\nip-map 2001:db8::/32=2001:db9::/32"));
  const Frame mapped = rewritten(rewriter, packet_of(frame, link_type));
  EXPECT_FALSE(names_network(mapped));
  EXPECT_EQ(test::checksum_words(mapped, link_type), checksums);
  expect_nothing_in_clear(frame, link_type);
  try_hostile_octets(frame, link_type);
}

// 192.0.2.10.5000 > 192.0.2.20.53: [udp sum ok], length 5
const Frame datagram = hex(test::macs, "0800 4500 0021 1234 4000 4011 a479 c000020a c0000214",
                           "1388 0035 000d 2426 68656c6c6f");

TEST(AnonymizedHeaders, AreNotInClearWhereTheFrameIsCut) { expect_nothing_in_clear(datagram); }

TEST(AnonymizedHeaders, AreNotInClearWhereTheyCantBeRead) {
  Rewriter rewriter(rules_of(key));
  Frame frame = datagram;
  frame[14] = std::byte{0x44};
  EXPECT_EQ(rewritten(rewriter, packet_of(frame)).size(), 14U);
  EXPECT_EQ(rewriter.counts().cut, 1U);
  const Frame packet(frame.begin() + 14, frame.end());
  EXPECT_TRUE(rewritten(rewriter, packet_of(packet, LinkType::raw)).empty());
  EXPECT_EQ(rewrite_summary(rewriter),
            (std::vector<std::string>{
                "2 packets: 1 changed, 1 dropped",
                "1 packet dropped: can't be read, and may name addresses",
                "1 packet cut where what can't be read begins: it may name addresses"}));
}

TEST(AnonymizedHeaders, KeepTheLengthOnTheWireOfWhatIsCut) {
  Rewriter rewriter(rules_of(key));
  const Frame frame = test::in_ipv4(112, hex("2101 6401 0001 0000 c000 020a"));
  const auto result = rewriter.rewrite(packet_of(frame));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->bytes.size(), 34U);
  EXPECT_EQ(result->wire_length, frame.size());
}

TEST(AnonymizedHeaders, LeaveTheCheckSequenceToWhatIsWhole) {
  Frame frame = test::in_ipv4(112, hex("2101 6401 0001 0000 c000 020a 0000 0000 0000 0000"));
  Packet packet = packet_of(frame);
  packet.fcs_length = 4;
  Rewriter rewriter(rules_of(key));
  EXPECT_EQ(rewritten(rewriter, packet).size(), 34U);
}

// Rules that map single networks leave what they can't read.
TEST(AnonymizedHeaders, AreCutForNoOtherRule) {
  Rewriter rewriter(rules_of("ip-map 192.0.2.0/24=10.0.0.0/24"));
  const Frame cut(datagram.begin(), datagram.begin() + 33);
  EXPECT_EQ(rewritten(rewriter, packet_of(cut)), cut);
  EXPECT_EQ(rewriter.counts().cut, 0U);
}

TEST(AnonymizedHeaders, AreThoseOfArp) {
  expect_nothing_in_clear(hex("ffff ffff ffff 0200 0000 0001 0806 0001 0800 0604 0001",
                              "0200 0000 0001 c000 0201 0000 0000 0000 c000 0202"));
  // What isn't four octets long is no address that anybody knows.
  expect_nothing_in_clear(hex("ffff ffff ffff 0200 0000 0001 0806 0001 0800 0605 0001",
                              "0200 0000 0001 c000 0201 0000 0000 0000 00c0 0002 0200"));
}

TEST(AnonymizedHeaders, AreThoseThatIcmpNames) {
  const Frame redirect = test::in_ipv4(1, hex("0501 0000 c000 0201", test::ipv4_udp));
  expect_mapped(redirect, LinkType::ethernet, "ipv4 good, icmp good, ipv4 good, udp absent");
  expect_mapped(
      test::in_ipv4(1, hex("0900 0000 0202 0708 c000 0201 0000 0000 c000 0202 0000 0001")),
      LinkType::ethernet, "ipv4 good, icmp good");
}

// A loose source route, whose last address the datagram's checksum is over.
TEST(AnonymizedHeaders, AreThoseOfIpv4Options) {
  expect_mapped(hex("4800 002a 0001 0000 4011 0000 c000 0201 c000 0202 830b 04c0 0002 05c0",
                    "0002 0600 0457 08ae 000a 1111 6869"),
                LinkType::ipv4, "ipv4 good, udp good");
  expect_mapped(hex("4800 002a 0001 0000 4011 0000 c633 6401 c633 6402 440c 0d01 c000 0201",
                    "0000 0001 0457 08ae 000a 1111 6869"),
                LinkType::ipv4, "ipv4 good, udp good");
}

// A route by segments and a mobile node's home: the ends that the datagram's checksum is over.
TEST(AnonymizedHeaders, AreThoseOfIpv6Extensions) {
  constexpr std::string_view ends =
      "2001 0db8 0000 0000 0000 0000 0000 0001 2001 0db8 0000 0000 0000 0000 0000 0002";
  expect_mapped(hex("6000 0000 0032 2b40", ends, "1104 0401 0100 0000",
                    "2001 0db8 0000 0000 0000 0000 0000 0003",
                    "2001 0db8 0000 0000 0000 0000 0000 0002 0457 08ae 000a 1111 6869"),
                LinkType::ipv6, "udp good");
  expect_mapped(hex("6000 0000 0022 3c40", ends, "1102 0102 0000 c910",
                    "2001 0db8 0000 0000 0000 0000 0000 0009 0457 08ae 000a 1111 6869"),
                LinkType::ipv6, "udp good");
}

TEST(AnonymizedHeaders, AreTheSourcesOfGroups) {
  expect_mapped(
      test::in_ipv4(2, hex("2200 0000 0000 0001 0400 0002 e100 0001 c000 0201 c000 0202")),
      LinkType::ethernet, "ipv4 good, igmp good");
  expect_mapped(
      hex("6000 0000 002c 3a01 fe80 0000 0000 0000 0000 0000 0000 0001",
          "ff02 0000 0000 0000 0000 0000 0000 0016 8f00 0000 0000 0001 0400 0001",
          "ff0e 0000 0000 0000 0000 0000 0000 0001", "2001 0db8 0000 0000 0000 0000 0000 0009"),
      LinkType::ipv6, "icmpv6 good");
}

TEST(AnonymizedHeaders, AreThoseOfOtherPaths) {
  expect_mapped(test::in_ipv4(6, hex("9c40 0050 0000 0064 0000 0000 7010 01f5 1111 0000",
                                     "1e08 3001 c000 0209")),
                LinkType::ethernet, "ipv4 good, tcp good");
  expect_mapped(test::in_ipv4(132, hex("1388 0050 0000 0000 0000 0000 0100 0030",
                                       "0000 0001 0000 ffff 0001 0001 0000 0001",
                                       "0005 0008 c000 0201 0006 0014",
                                       "2001 0db8 0000 0000 0000 0000 0000 0001")),
                LinkType::ethernet, "ipv4 good");
}

// The CRC is linear: mapped there and back, it is what it was.
TEST(AnonymizedHeaders, KeepTheCrcOfSctp) {
  const Frame init = hex("4500 0040 0001 0000 4084 0000 c633 6401 c633 6402",
                         "0000 0000 0000 0000 0000 0000 0100 0020",
                         "0000 0000 0000 0000 0000 0000 0000 0000 0005 0008 c000 0201");
  const std::string_view to = "ip-map 192.0.2.0/24=10.0.0.0/24",
                         back = "ip-map 10.0.0.0/24=192.0.2.0/24";
  Rewriter there(rules_of(to)), again(rules_of(back));
  const Frame mapped = rewritten(there, packet_of(init, LinkType::ipv4));
  EXPECT_FALSE(std::ranges::equal(std::span(mapped).subspan(28, 4), hex("0000 0000")));
  EXPECT_EQ(rewritten(again, packet_of(mapped, LinkType::ipv4)), init);
}

}  // namespace
}  // namespace tapdeck
