#include "tools/replay/rewriting/rewriter.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "dissectors/edit/checksum_repair.h"
#include "tests/support/checksums.h"
#include "tests/support/packets.h"
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

Packet packet_of(const Frame& frame, std::uint64_t number = 1, std::uint32_t not_captured = 0) {
  return {.number = number,
          .wire_length = static_cast<std::uint32_t>(frame.size()) + not_captured,
          .bytes = frame};
}

Frame repaired(Frame frame) {
  Dissection dissection;
  dissect_frame(packet_of(frame), dissection);
  repair_checksums(dissection, frame);
  return frame;
}

/// An Ethernet frame, IPv4 from 192.168.0.5 to 198.51.100.1 in hex digits, with right checksums.
Frame framed(std::string_view ip_header_after_length, std::string_view ends, const Frame& payload) {
  Frame frame = hex(test::macs, "0800 4500 0000", ip_header_after_length, "0000", ends);
  test::put_big_endian(frame, 16, 20 + payload.size());
  frame.insert(frame.end(), payload.begin(), payload.end());
  return repaired(frame);
}

constexpr std::string_view out = "c0a8 0005 c633 6401", in = "c633 6401 c0a8 0005";
// 50000 > 53, 4 octets; its answer
const Frame query = hex("c350 0035 000c 1111 61626364"),
            answer = hex("0035 c350 000c 1111 61626364");
constexpr std::string_view udp = "0001 0000 4011", udp_first = "0007 2000 4011",
                           udp_tail = "0007 0001 4011", icmp = "0001 0000 4001",
                           tcp_first = "0009 2000 4006", tcp_second = "0009 2001 4006",
                           tcp_third = "0009 0002 4006";

struct Ends {
  std::string addresses, ports, checksums;
  friend bool operator==(const Ends&, const Ends&) = default;
};
std::ostream& operator<<(std::ostream& stream, const Ends& ends) {
  return stream << ends.addresses << " ports " << ends.ports << ' ' << ends.checksums;
}

Ends ends_of(Bytes frame) {
  Dissection dissection;
  dissect_frame({.wire_length = static_cast<std::uint32_t>(frame.size()), .bytes = frame},
                dissection);
  const FlowEnds ends = read_ends(frame, innermost_headers(dissection));
  return {to_string(ends.source.address) + " > " + to_string(ends.destination.address),
          std::to_string(ends.source.port) + " > " + std::to_string(ends.destination.port),
          test::checksum_words(dissection)};
}

Ends rewritten_ends(Rewriter& rewriter, const Frame& frame, std::span<const Packet> coming = {}) {
  const auto result = rewriter.rewrite(packet_of(frame), coming);
  return result ? ends_of(result->bytes) : Ends{"dropped", "", ""};
}

constexpr std::string_view home = "nat 192.168.0.0/16=203.0.113.7";

TEST(Rewriter, LeavesPacketsAloneWithoutRules) {
  Rewriter rewriter({});
  const Frame frame = framed(udp, out, query);
  const auto result = rewriter.rewrite(packet_of(frame));
  EXPECT_FALSE(rewriter.has_rules());
  EXPECT_EQ(result->bytes.data(), frame.data());
}

TEST(Rewriter, TranslatesBothWaysWithRightChecksums) {
  Rewriter rewriter(rules_of(home));
  EXPECT_EQ(rewritten_ends(rewriter, framed(udp, out, query)),
            (Ends{"203.0.113.7 > 198.51.100.1", "50000 > 53", "ipv4 good, udp good"}));
  EXPECT_EQ(rewritten_ends(rewriter, framed(udp, in, answer)),
            (Ends{"198.51.100.1 > 203.0.113.7", "53 > 50000", "ipv4 good, udp good"}));
  EXPECT_EQ(rewriter.counts().changed, 2U);
}

TEST(Rewriter, StartsFromEachPacketsOwnOctets) {
  Rewriter rewriter(rules_of("vlan-push 5\nttl -1\nip-map 192.168.0.0/16=192.169.0.0/16"));
  const Frame frame = framed(udp, out, query);
  const auto first = rewriter.rewrite(packet_of(frame));
  const Frame once(first->bytes.begin(), first->bytes.end());
  const auto second = rewriter.rewrite(packet_of(frame));
  EXPECT_EQ(Frame(second->bytes.begin(), second->bytes.end()), once);
  EXPECT_EQ(second->wire_length, frame.size() + 4);
}

TEST(Rewriter, CountsWhatItDropsByReason) {
  Rewriter rewriter(rules_of(home));
  const Frame asked = hex("d350 c350 000c 0000 61626364");  // from a port as high as the other
  EXPECT_EQ(rewritten_ends(rewriter, framed(udp, in, asked)).addresses, "dropped");
  EXPECT_EQ(rewritten_ends(rewriter, framed(udp, "c633 6402 c633 6401", query)).addresses,
            "dropped");
  EXPECT_EQ(rewriter.counts().all_dropped(), 2U);
  EXPECT_EQ(
      rewrite_summary(rewriter),
      (std::vector<std::string>{"2 packets: 0 changed, 2 dropped",
                                "1 packet dropped: came in unasked: no host inside had sent there",
                                "1 packet dropped: neither came from inside nor went there",
                                "0 connections translated, 0 of them with another port"}));
}

TEST(Rewriter, GivesFragmentsWhatTheirFirstOneGot) {
  Rewriter rewriter(
      rules_of("port-forward udp:198.51.100.1:53=10.0.0.1:5353\n"
               "port-forward udp:198.51.100.1:54=10.0.0.2:5353"));
  const Frame first = framed(udp_first, out, hex("c350 0035 0014 1111"));
  const Frame tail = framed(udp_tail, out, hex("6162 6364 6566 6768 696a 6b6c"));
  EXPECT_EQ(rewritten_ends(rewriter, first).addresses, "192.168.0.5 > 10.0.0.1");
  const Frame tail_copy = tail;
  EXPECT_EQ(rewritten_ends(rewriter, tail_copy).addresses, "192.168.0.5 > 10.0.0.1");
}

TEST(Rewriter, LooksForTheFirstFragmentAmongWhatComes) {
  Rewriter rewriter(
      rules_of("port-forward udp:198.51.100.1:53=10.0.0.1:5353\n"
               "port-forward udp:198.51.100.1:54=10.0.0.2:5353"));
  const Frame first = framed(udp_first, out, hex("c350 0036 0014 1111"));
  const Frame other = framed(udp, out, query);
  const Frame tail = framed(udp_tail, out, hex("6162 6364 6566 6768 696a 6b6c"));
  const std::vector<Packet> coming{packet_of(other, 2), packet_of(first, 3)};
  EXPECT_EQ(rewritten_ends(rewriter, tail, coming).addresses, "192.168.0.5 > 10.0.0.2");
  EXPECT_EQ(rewriter.translation().table().entries().size(), 1U);
}

TEST(Rewriter, LeavesFragmentsWithoutAFirstOneToTheirAddress) {
  Rewriter rewriter(
      rules_of("port-forward udp:198.51.100.1:53=10.0.0.1:5353\n"
               "port-forward udp:198.51.100.1:54=10.0.0.2:5353"));
  const Frame tail = framed(udp_tail, out, hex("6162 6364 6566 6768"));
  EXPECT_EQ(rewritten_ends(rewriter, tail).addresses, "192.168.0.5 > 198.51.100.1");
}

TEST(Rewriter, FollowsATcpChecksumIntoALaterFragment) {
  // The header in three fragments of 8 and one of 4 octets.
  const Frame header = hex("9c40 0050 0000 0064 0000 0000 5002 01f5 0000 0000");
  const Frame whole = framed("0009 0000 4006", out, header);
  const auto piece = [&](std::string_view place, std::size_t begin, std::size_t end) {
    const auto at = whole.begin() + 34;
    return framed(place, out, Frame(at + static_cast<long>(begin), at + static_cast<long>(end)));
  };
  Rewriter rewriter(rules_of("ip-map 192.168.0.0/16=10.9.0.0/16\nport-map 80=8080"));
  Frame together = hex(test::macs, "0800 4500 0028 0009 0000 4006 0000 0a09 0005 c633 6401");
  for (const Frame& frame :
       {piece(tcp_first, 0, 8), piece(tcp_second, 8, 16), piece(tcp_third, 16, 20)}) {
    const auto result = rewriter.rewrite(packet_of(frame));
    together.insert(together.end(), result->bytes.begin() + 34, result->bytes.end());
  }
  EXPECT_EQ(ends_of(together).checksums, "ipv4 offloaded, tcp good");
  EXPECT_EQ(ends_of(together).ports, "40000 > 8080");
}

TEST(Rewriter, TurnsErrorsTheWayOfWhatTheyQuote) {
  Rewriter rewriter(rules_of(home));
  const Frame sent = framed(udp, out, query);
  static_cast<void>(rewriter.rewrite(packet_of(sent)));
  Frame message = hex("0303 0000 0000 0000");
  message.insert(message.end(), sent.begin() + 14, sent.end());
  const Frame error = framed(icmp, "cb00 7199 c0a8 0005", message);  // from 203.0.113.153
  const auto result = rewriter.rewrite(packet_of(error));
  ASSERT_TRUE(result);
  EXPECT_EQ(ends_of(result->bytes).addresses, "203.0.113.153 > 203.0.113.7");
  EXPECT_EQ(ends_of(result->bytes).checksums, "ipv4 good, icmp good, ipv4 good, udp good");
  const Frame quote(result->bytes.begin() + 42, result->bytes.end());
  EXPECT_EQ(read_big_endian<std::uint32_t>(quote, 12), 0xcb007107U);
  // One about nothing that is known doesn't come in.
  test::put_big_endian(message, 8 + 22, 99);
  EXPECT_FALSE(rewriter.rewrite(packet_of(framed(icmp, "cb00 7199 c0a8 0005", message))));
}

TEST(Rewriter, KeepsArpInStepWithIp) {
  const Frame question = hex("ffff ffff ffff 0200 0000 0001 0806 0001 0800 0604 0001",
                             "0200 0000 0001 c0a8 0005 0000 0000 0000 c633 6401");
  const auto written = [&](std::string_view rules) {
    Rewriter rewriter(rules_of(rules));
    const auto result = rewriter.rewrite(packet_of(question));
    return Frame(result->bytes.begin(), result->bytes.end());
  };
  EXPECT_EQ(read_big_endian<std::uint32_t>(written(home), 28), 0xcb007107U);
  EXPECT_EQ(read_big_endian<std::uint32_t>(written("ip-map 198.51.0.0/16=10.0.0.0/16"), 38),
            0x0a006401U);
  const Frame renamed = written("mac-map 02:00:00:00:00:01=02:00:00:00:00:99");
  EXPECT_EQ(renamed.at(11), std::byte{0x99});
  EXPECT_EQ(renamed.at(27), std::byte{0x99});
}

TEST(Rewriter, KeepsNeighbourDiscoveryInStepWithIp) {
  Frame solicitation = hex(
      "3333 ff00 0002 0200 0000 0001 86dd 6000 0000 0020 3aff 2001 0db8 0000 0000 0000 0000 0000",
      "0001 ff02 0000 0000 0000 0000 0001 ff00 0002 8700 0000 0000 0000",
      "2001 0db8 0000 0000 0000 0000 0000 0002 0101 0200 0000 0001");
  solicitation = repaired(solicitation);
  Rewriter rewriter(
      rules_of("ip-map 2001:db8::/32=2001:db9::/32\nmac-map 02:00:00:00:00:01=02:00:00:00:00:99"));
  const auto result = rewriter.rewrite(packet_of(solicitation));
  EXPECT_EQ(ends_of(result->bytes).checksums, "icmpv6 good");
  EXPECT_EQ(read_big_endian<std::uint32_t>(result->bytes, 62), 0x20010db9U);
  EXPECT_EQ(read_octet(result->bytes, 85), 0x99U);
}

TEST(Rewriter, MapsEveryHeaderOfATunnelAndItsQuotes) {
  Frame inside = hex("0800 0000 0000 2a00");
  const Frame packet = framed(udp, out, query);
  inside.insert(inside.end(), packet.begin(), packet.end());
  const Frame frame = test::in_udp(4789, inside);
  Rewriter rewriter(
      rules_of("ip-map 203.0.113.0/24=10.0.0.0/24\nip-map 192.168.0.0/16=10.1.0.0/16"
               "\nttl 9\nanonymize-key k"));
  Rewriter plain(rules_of("ip-map 203.0.113.0/24=10.0.0.0/24\nip-map 192.168.0.0/16=10.1.0.0/16"));
  const auto result = plain.rewrite(packet_of(repaired(frame)));
  EXPECT_EQ(ends_of(result->bytes).addresses, "10.1.0.5 > 198.51.100.1");
  EXPECT_EQ(read_big_endian<std::uint32_t>(result->bytes, 26), 0x0a000001U);
  const auto hidden = rewriter.rewrite(packet_of(repaired(frame)));
  EXPECT_NE(ends_of(hidden->bytes).addresses, "10.1.0.5 > 198.51.100.1");
  EXPECT_EQ(read_octet(hidden->bytes, 22), 9U);
}

TEST(Rewriter, SetsMacAddressesBySender) {
  Rewriter rewriter(
      rules_of("src-mac 192.168.0.0/16=02:00:00:00:00:aa\n"
               "src-mac 02:00:00:00:00:bb\ndst-mac 02:00:00:00:00:cc"));
  const auto macs = [&](const Frame& frame) {
    const auto result = rewriter.rewrite(packet_of(frame));
    return to_string(MacAddress::read(result->bytes, 6)) + ' ' +
           to_string(MacAddress::read(result->bytes, 0));
  };
  EXPECT_EQ(macs(framed(udp, out, query)), "02:00:00:00:00:aa 02:00:00:00:00:cc");
  EXPECT_EQ(macs(framed(udp, in, answer)), "02:00:00:00:00:bb 02:00:00:00:00:cc");
}

TEST(Rewriter, RepairsChecksumsIfAsked) {
  Frame wrong = framed(udp, out, query);
  wrong[40] ^= std::byte{1};
  Rewriter keeps(rules_of("ttl 5")), repairs(rules_of("ttl 5\nfix-checksums"));
  EXPECT_EQ(rewritten_ends(keeps, wrong).checksums, "ipv4 good, udp bad");
  EXPECT_EQ(rewritten_ends(repairs, wrong).checksums, "ipv4 good, udp good");
  EXPECT_EQ(repairs.counts().checksums_repaired, 1U);
}

TEST(Rewriter, RenewsACheckSequenceThatWasRight) {
  Frame frame = framed(udp, out, query);
  frame.resize(64);
  Packet packet = packet_of(frame);
  packet.fcs_length = 4;
  Rewriter rewriter(rules_of("ttl 5"));
  const auto unknown = rewriter.rewrite(packet);
  EXPECT_EQ(read_big_endian<std::uint32_t>(unknown->bytes, 60), 0U) << "it was wrong";
  // CRC-32 of the 60 octets, as another implementation has it, isn't needed: what renews it is
  // what finds it right.
  Rewriter longer(rules_of("vlan-push 7"));
  EXPECT_EQ(longer.rewrite(packet)->bytes.size(), 68U);
}

TEST(Rewriter, PopsAllTagsHoweverManyThereAre) {
  const Frame bare = framed(udp, out, query);
  Frame tagged = bare;
  for (int tag = 0; tag < 20; ++tag) push_vlan_tag(tagged, 0, {});
  Rewriter rewriter(rules_of("vlan-pop all"));
  for (const Frame& frame : {tagged, bare}) {
    const auto popped = rewriter.rewrite(packet_of(frame));
    EXPECT_EQ(Frame(popped->bytes.begin(), popped->bytes.end()), bare);
  }
  EXPECT_EQ(rewriter.counts().no_tag, 0U) << "where there is no tag, all are out";
}

TEST(Rewriter, TellsWhenConversationsMeet) {
  Rewriter rewriter(rules_of("port-map 53=54"));
  const Frame other = hex("c350 0036 000c 1111 61626364");
  static_cast<void>(rewriter.rewrite(packet_of(framed(udp, out, query), 1)));
  static_cast<void>(rewriter.rewrite(packet_of(framed(udp, out, other), 2)));
  EXPECT_EQ(rewriter.collisions().count(), 1U);
  EXPECT_EQ(rewrite_summary(rewriter).back(),
            "1 conversation can't be told from another one any more, first in frame 2: udp "
            "192.168.0.5:50000 - 198.51.100.1:53 and udp 192.168.0.5:50000 - 198.51.100.1:54 both "
            "became udp 192.168.0.5:50000 - 198.51.100.1:54");
}

TEST(Rewriter, RefusesRulesThatContradict) {
  EXPECT_THROW(Rewriter(rules_of("port-map 53=54\nport-map 53=55")), Failure);
}

/// Every cut of a frame and every octet of it set to extremes, in all kinds of frames.
TEST(Rewriter, KeepsInBoundsWhateverThePacketHolds) {
  Frame message = hex("0303 0000 0000 0000");
  const Frame sent = framed(udp, out, query);
  message.insert(message.end(), sent.begin() + 14, sent.end());
  Frame tunnel = hex("0800 0000 0000 2a00");
  tunnel.insert(tunnel.end(), sent.begin(), sent.end());
  const std::vector<Frame> samples{
      sent,
      framed(icmp, "cb00 7199 c0a8 0005", message),
      framed(udp_first, out, query),
      framed(udp_tail, out, query),
      test::in_udp(4789, tunnel),
      hex("ffff ffff ffff 0200 0000 0001 0806 0001 0800 0604 0001 0200 0000 0001 c0a8 0005 0000",
          "0000 0000 c633 6401")};
  Rewriter rewriter(
      rules_of("nat 192.168.0.0/16=203.0.113.7\nnat 0.0.0.0/1=203.0.113.8\n"
               "port-map 53=5353\nanonymize-key k\nfix-checksums\n"
               "mac-map 02:00:00:00:00:01=02:00:00:00:00:99\n"
               "src-mac 02:00:00:00:00:bb\nttl +1\nvlan-pop 1\nvlan-push 5"));
  for (const Frame& sample : samples) {
    for (std::size_t length = 0; length <= sample.size(); ++length) {
      const Frame cut(sample.begin(), sample.begin() + static_cast<long>(length));
      for (const std::uint32_t more : {0U, static_cast<std::uint32_t>(sample.size() - length)}) {
        const auto result = rewriter.rewrite(packet_of(cut, 1, more));
        EXPECT_LE(result ? result->bytes.size() : 0U, cut.size() + 4);
      }
    }
    for (std::size_t at = 0; at < sample.size(); ++at) {
      for (const unsigned value : {0x00U, 0x01U, 0x45U, 0x4fU, 0x7fU, 0x80U, 0xffU}) {
        Frame changed = sample;
        changed[at] = static_cast<std::byte>(value);
        static_cast<void>(rewriter.rewrite(packet_of(changed)));
      }
    }
  }
  EXPECT_GT(rewriter.counts().changed, 0U);
}

}  // namespace
}  // namespace tapdeck
