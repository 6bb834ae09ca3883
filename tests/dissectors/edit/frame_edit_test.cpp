#include "dissectors/edit/frame_edit.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissectors/edit/checksum_repair.h"
#include "dissectors/edit/incremental_checksum.h"
#include "tests/support/checksums.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::checksum_words;
using test::hex;
using Frame = std::vector<std::byte>;

// IP 192.0.2.10.40000 > 192.0.2.20.80: Flags [S], cksum 0x8cda (correct), seq 100, win 501, length
// 0
const Frame syn = hex("4500 0028 1234 4000 4006 a47d c000020a c0000214",
                      "9c40 0050 00000064 00000000 5002 01f5 8cda 0000");
// IP 192.0.2.10.5000 > 192.0.2.20.53: [udp sum ok], length 5
const Frame datagram =
    hex("4500 0021 1234 4000 4011 a479 c000020a c0000214", "1388 0035 000d 2426 68656c6c6f");
// IP6 2001:db8::10.5000 > 2001:db8::20.53: [udp sum ok], length 2
const Frame datagram_v6 = hex("60000000 000a 11 40 20010db8000000000000000000000010",
                              "20010db8000000000000000000000020 1388 0035 000a 2812 6869");

constexpr IpAddress other_host{.octets = {203, 0, 113, 77}, .version = 4};
constexpr std::size_t source_at = 12, ports_at = 20;

Dissection dissected(const Frame& frame, LinkType link_type = LinkType::ipv4,
                     std::uint32_t not_captured = 0) {
  Dissection dissection;
  dissect_frame({.wire_length = static_cast<std::uint32_t>(frame.size()) + not_captured,
                 .link_type = link_type,
                 .bytes = frame},
                dissection);
  return dissection;
}

/// The frame with another source address, and another source port behind an IPv4 header.
Frame moved(const Frame& frame, std::uint32_t not_captured = 0) {
  Frame copy = frame;
  const Dissection dissection = dissected(frame, LinkType::ipv4, not_captured);
  FrameEdit edit(dissection, copy);
  edit.write(source_at, other_host);
  if (copy.size() >= ports_at + 2) edit.write(ports_at, std::uint16_t{4444});
  return copy;
}

std::uint16_t word(const Frame& frame, std::size_t at) {
  return read_big_endian<std::uint16_t>(frame, at);
}

Frame with_word(Frame frame, std::size_t at, unsigned value) {
  test::put_big_endian(frame, at, value);
  return frame;
}

TEST(FrameEdit, KeepsGoodChecksumsGood) {
  EXPECT_EQ(checksum_words(moved(syn), LinkType::ipv4), "ipv4 good, tcp good");
  EXPECT_EQ(checksum_words(moved(datagram), LinkType::ipv4), "ipv4 good, udp good");
  const Frame frame = moved(syn);
  EXPECT_EQ(word(frame, 12), 0xcb00U);
  EXPECT_EQ(word(frame, ports_at), 4444U);
}

TEST(FrameEdit, KeepsWrongChecksumsWrongByAsMuch) {
  const Frame wrong = with_word(with_word(syn, 36, 0x8cdb), 10, 0xa47f);
  const Frame frame = moved(wrong);
  const Frame right = moved(syn);
  EXPECT_EQ(word(frame, 36) - word(right, 36), 1);
  EXPECT_EQ(word(frame, 10) - word(right, 10), 2);
}

TEST(FrameEdit, LeavesUdpWithoutAChecksumWithoutOne) {
  EXPECT_EQ(word(moved(with_word(datagram, 26, 0)), 26), 0U);
}

TEST(FrameEdit, WritesAUdpSumOfZeroAsOnes) {
  // The word behind the header takes what is missing to a sum of ones.
  Frame frame = datagram;
  const std::uint16_t checksum = word(frame, 26);
  const Dissection dissection = dissected(frame);
  FrameEdit edit(dissection, frame);
  edit.write(28, added_words(word(datagram, 28), checksum));
  EXPECT_EQ(word(frame, 26), 0xffffU);
  EXPECT_EQ(checksum_words(frame, LinkType::ipv4), "ipv4 good, udp good");
}

TEST(FrameEdit, KeepsPartialSumsThoseOfTheNewPseudoHeader) {
  for (const unsigned partial : {0x8439U, 0x8425U}) {  // with the length of 20 octets and without
    const Frame frame = moved(with_word(syn, 36, partial));
    EXPECT_EQ(checksum_words(frame, LinkType::ipv4), "ipv4 good, tcp offloaded");
    // cb00 + 714d - c000 - 020a
    EXPECT_EQ(word(frame, 36), (partial + 0xcb00 + 0x714d - 0xc000 - 0x020a) % 0xffff);
  }
  const Frame frame = moved(with_word(datagram, 26, 0x843d));
  EXPECT_EQ(checksum_words(frame, LinkType::ipv4), "ipv4 good, udp offloaded");
}

TEST(FrameEdit, LeavesFieldsThatWereNeverFilledIn) {
  EXPECT_EQ(word(moved(with_word(syn, 36, 0)), 36), 0U);
  EXPECT_EQ(word(moved(with_word(syn, 10, 0)), 10), 0U);
}

TEST(FrameEdit, WritesNothingBehindWhatWasCaptured) {
  for (std::size_t length = 20; length < syn.size(); ++length) {
    const Frame cut(syn.begin(), syn.begin() + static_cast<std::ptrdiff_t>(length));
    const Frame frame = moved(cut, static_cast<std::uint32_t>(syn.size() - length));
    ASSERT_EQ(frame.size(), length);
    EXPECT_EQ(word(frame, 10), word(moved(syn), 10)) << length;
  }
}

TEST(FrameEdit, UpdatesACutSegmentAsAWholeOne) {
  const Frame cut(datagram.begin(), datagram.end() - 3);
  EXPECT_EQ(word(moved(cut, 3), 26), word(moved(datagram), 26));
}

TEST(FrameEdit, UpdatesTheTransportInAFirstFragmentOnly) {
  Frame first = with_word(datagram, 6, 0x2000);  // more fragments
  Frame later = with_word(datagram, 6, 0x0001);
  const Dissection dissection = dissected(first);
  EXPECT_EQ(dissection.transport, 1);
  FrameEdit edit(dissection, first);
  edit.write(source_at, other_host);
  EXPECT_NE(word(first, 26), word(datagram, 26));
  const Dissection tail = dissected(later);
  FrameEdit edit_of_tail(tail, later);
  edit_of_tail.write(source_at, other_host);
  EXPECT_EQ(Frame(later.begin() + 20, later.end()), Frame(datagram.begin() + 20, datagram.end()));
}

TEST(FrameEdit, CarriesThroughTunnelsAndQuotes) {
  // UDP with a checksum around VXLAN, Ethernet, IPv4 and TCP.
  Frame inside = hex("0800 0000 0000 2a00", test::macs, "0800");
  inside.insert(inside.end(), syn.begin(), syn.end());
  Frame frame = test::in_udp(4789, inside);
  for (const unsigned unset : {24U, 40U}) test::put_big_endian(frame, unset, 0);
  const Dissection whole = dissected(frame, LinkType::ethernet);
  EXPECT_TRUE(repair_checksums(whole, frame));
  test::put_big_endian(frame, 40, verify_checksum(whole, whole.layers[2]).expected);
  ASSERT_EQ(checksum_words(frame), "ipv4 good, udp good, ipv4 good, tcp good");
  FrameEdit edit(whole, frame);
  const std::size_t inner = whole.layers[whole.network].offset;
  edit.write(inner + source_at, other_host);
  edit.write(inner + ports_at, std::uint16_t{1});
  EXPECT_EQ(checksum_words(frame), "ipv4 good, udp good, ipv4 good, tcp good");
}

TEST(FrameEdit, UpdatesTheChecksumOverAQuote) {
  Frame message = hex("0301 0000 0000 0000");
  message.insert(message.end(), syn.begin(), syn.end());
  Frame frame = test::in_ipv4(1, message);
  EXPECT_TRUE(repair_checksums(dissected(frame, LinkType::ethernet), frame));
  ASSERT_EQ(checksum_words(frame), "ipv4 good, icmp good, ipv4 good, tcp good");
  const Dissection dissection = dissected(frame, LinkType::ethernet);
  FrameEdit edit(dissection, frame);
  edit.write(dissection.layers[dissection.quoted_network].offset + source_at, other_host);
  edit.write(dissection.layers[dissection.quoted_transport].offset, std::uint16_t{7});
  EXPECT_EQ(checksum_words(frame), "ipv4 good, icmp good, ipv4 good, tcp good");
}

/// RFC 9260 appendix A, bit by bit.
std::uint32_t crc32c_by_the_book(Bytes octets) {
  std::uint32_t crc = 0xffff'ffff;
  for (const std::byte octet : octets) {
    crc ^= std::to_integer<std::uint32_t>(octet);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0x82f63b78U : 0U);
  }
  return ~crc;
}

// The sum over 32 octets of zeros is 8a9136aa (RFC 3720 §B.4), and lies as aa 36 91 8a.
TEST(FrameEdit, UpdatesTheCrcOfSctp) {
  Frame frame = hex("4500 0034 1234 4000 4084 0000 c000020a c0000214", "0000 0000 0000 0000",
                    "aa36 918a 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000");
  const Dissection dissection = dissected(frame);
  FrameEdit edit(dissection, frame);
  edit.write(ports_at, std::uint16_t{0xffff});
  edit.write(ports_at + 2, std::uint16_t{0x1234});
  Frame covered(frame.begin() + ports_at, frame.end());
  covered = with_word(with_word(covered, 8, 0), 10, 0);
  EXPECT_EQ(read_little_endian<std::uint32_t>(frame, 28), crc32c_by_the_book(covered));
}

/// Every field that a rule may change, in any order, in packets of several kinds.
TEST(FrameEdit, EqualsAFullComputationAfterAMillionEdits) {
  constexpr unsigned seed = 1141;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  struct Kind {
    Frame frame;
    LinkType link_type;
    std::size_t addresses, octets, ports;
    std::string words;
  };
  std::vector<Kind> kinds{{syn, LinkType::ipv4, 12, 8, 20, "ipv4 good, tcp good"},
                          {datagram, LinkType::ipv4, 12, 8, 20, "ipv4 good, udp good"},
                          {datagram_v6, LinkType::ipv6, 8, 32, 40, "udp good"}};
  for (int edits = 0; edits < 1'000'000; ++edits) {
    Kind& kind = kinds[random() % kinds.size()];
    const Dissection dissection = dissected(kind.frame, kind.link_type);
    FrameEdit edit(dissection, kind.frame);
    const auto value = static_cast<std::uint16_t>(random() % 4 == 0 ? 0xffff : random());
    const std::size_t choices = kind.octets / 2 + 2;
    const std::size_t choice = random() % choices;
    const bool is_port = choice >= kind.octets / 2;
    edit.write(is_port ? kind.ports + 2 * (choice - kind.octets / 2) : kind.addresses + 2 * choice,
               value);
    const Layer& transport = dissection.layers[dissection.transport];
    const ChecksumVerdict verdict = verify_checksum(dissection, transport);
    ASSERT_EQ(verdict.status, ChecksumStatus::good) << edits << ' ' << kind.words;
    if (edits % 1024 == 0) {
      ASSERT_EQ(checksum_words(kind.frame, kind.link_type), kind.words);
    }
  }
}

TEST(FrameEdit, KeepsInBoundsWhateverThePacketSays) {
  for (const Frame& sample : {syn, datagram}) {
    for (std::size_t at = 0; at < sample.size(); ++at) {
      for (const unsigned value : {0x00U, 0x01U, 0x45U, 0x4fU, 0x7fU, 0xffU}) {
        Frame changed = sample;
        changed[at] = static_cast<std::byte>(value);
        const Frame after = moved(changed);
        ASSERT_EQ(after.size(), sample.size());
      }
    }
  }
}

TEST(ChecksumRepair, RepairsFromTheInnermostOutwards) {
  Frame frame = with_word(with_word(syn, 36, 0x1111), 10, 0x2222);
  EXPECT_TRUE(repair_checksums(dissected(frame), frame));
  EXPECT_EQ(frame, syn);
  EXPECT_FALSE(repair_checksums(dissected(frame), frame));
}

TEST(ChecksumRepair, LeavesWhatItCantKnow) {
  Frame cut = with_word(Frame(datagram.begin(), datagram.end() - 1), 26, 0x1111);
  EXPECT_FALSE(repair_checksums(dissected(cut, LinkType::ipv4, 1), cut));
  Frame fragment = with_word(with_word(datagram, 26, 0x1111), 6, 0x2000);
  EXPECT_TRUE(repair_checksums(dissected(fragment), fragment));  // the IPv4 header's alone
  EXPECT_EQ(word(fragment, 26), 0x1111U);
}

}  // namespace
}  // namespace tapdeck
