#include "dissectors/checksum.h"

#include <random>

#include <gtest/gtest.h>

#include "dissectors/registry.h"
#include "tests/support/dissect.h"
#include "tests/support/hex.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::DissectedPacket;
using test::hex;

using enum ChecksumStatus;

/// RFC 1071 §1 word for word.
std::uint16_t sum_by_the_book(Bytes bytes) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const std::uint32_t octet = read_octet(bytes, at);
    sum += at % 2 == 0 ? octet << 8U : octet;
    sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return static_cast<std::uint16_t>(sum);
}

TEST(InternetSum, AgreesWithTheExampleOfTheRfc) {
  EXPECT_EQ(internet_sum(hex("0001 f203 f4f5 f6f7")), 0xddf2U);
  EXPECT_EQ(internet_sum({}), 0U);
  EXPECT_EQ(internet_sum(hex("ab")), 0xab00U);
}

TEST(InternetSum, AgreesWithTheRfcForAnyLengthAndAlignment) {
  std::mt19937 random(1071);
  std::vector<std::byte> bytes(3000);
  for (std::byte& octet : bytes) octet = static_cast<std::byte>(random());
  for (std::size_t begin = 0; begin < 9; ++begin) {
    for (std::size_t length = 0; length < 100; ++length) {
      const Bytes piece = Bytes(bytes).subspan(begin, length);
      ASSERT_EQ(internet_sum(piece), sum_by_the_book(piece)) << begin << '+' << length;
    }
    ASSERT_EQ(internet_sum(Bytes(bytes).subspan(begin)),
              sum_by_the_book(Bytes(bytes).subspan(begin)));
  }
}

TEST(InternetSum, GoesOnFromAnEarlierPiece) {
  const auto bytes = hex("fffe ffff 0102 0304 0506 0708 090a 0b");
  const auto first = Bytes(bytes).first(6);
  EXPECT_EQ(internet_sum(Bytes(bytes).subspan(6), internet_sum(first)), internet_sum(bytes));
}

TEST(InternetSum, CarriesThroughTheLargestValues) {
  const std::vector<std::byte> ones(70'000, std::byte{0xff});
  EXPECT_EQ(internet_sum(ones), 0xffffU);
}

ChecksumReport report_of(const std::vector<std::byte>& bytes, LinkType link_type = LinkType::ipv4) {
  return verify_checksums(dissect(bytes, link_type).dissection);
}

std::vector<std::byte> with_word(std::vector<std::byte> bytes, std::size_t at, unsigned word) {
  bytes.at(at) = static_cast<std::byte>(word >> 8U);
  bytes.at(at + 1) = static_cast<std::byte>(word & 0xffU);
  return bytes;
}

// IP 192.0.2.10.40000 > 192.0.2.20.80: Flags [S], cksum 0x8cda (correct), seq 100, win 501, length
// 0
const auto syn = hex("4500 0028 1234 4000 4006 a47d c000020a c0000214",
                     "9c40 0050 00000064 00000000 5002 01f5 8cda 0000");
// IP 192.0.2.10.5000 > 192.0.2.20.53: [udp sum ok], length 5
const auto datagram =
    hex("4500 0021 1234 4000 4011 a479 c000020a c0000214", "1388 0035 000d 2426 68656c6c6f");
// IP6 2001:db8::10.5000 > 2001:db8::20.53: [udp sum ok], length 2
const auto datagram_v6 = hex("60000000 000a 11 40 20010db8000000000000000000000010",
                             "20010db8000000000000000000000020 1388 0035 000a 2812 6869");

constexpr std::size_t tcp_checksum_at = 20 + 16;
constexpr std::size_t udp_checksum_at = 20 + 6;

TEST(Checksum, GoodOnes) {
  EXPECT_EQ(report_of(syn), (ChecksumReport{good, good}));
  EXPECT_EQ(report_of(datagram), (ChecksumReport{good, good}));
  EXPECT_EQ(report_of(datagram_v6, LinkType::ipv6), (ChecksumReport{absent, good}));
}

TEST(Checksum, AnyAlteredBitIsSeen) {
  for (std::size_t at = 20; at < syn.size(); ++at) {
    if (at == 20 + 12) continue;  // another header length: no TCP header any more
    auto altered = syn;
    altered[at] ^= std::byte{0x10};
    EXPECT_EQ(report_of(altered).transport, bad) << at;
  }
  EXPECT_EQ(report_of(with_word(syn, 10, 0xa47e)).network, bad);
}

TEST(Checksum, ExpectedValueIsTold) {
  const auto packet = dissect(with_word(syn, tcp_checksum_at, 0x1111), LinkType::ipv4);
  EXPECT_EQ(verify_checksum(packet.dissection, packet.layer(1)), (ChecksumVerdict{bad, 0x8cda}));
  EXPECT_EQ(packet.field(1, "checksum"), "0x1111 (bad, should be 0x8cda)");
}

TEST(Checksum, PartialSumsAreLeftToTheInterface) {
  // c000 + 020a + c000 + 0214 + 6, with the length of 20 octets and without.
  EXPECT_EQ(report_of(with_word(syn, tcp_checksum_at, 0x8439)).transport, offloaded);
  EXPECT_EQ(report_of(with_word(syn, tcp_checksum_at, 0x8425)).transport, offloaded);
  EXPECT_EQ(report_of(with_word(syn, tcp_checksum_at, 0x8426)).transport, bad);
  EXPECT_EQ(report_of(with_word(datagram, udp_checksum_at, 0x843d)).transport, offloaded);
}

TEST(Checksum, FieldsNeverFilledInAreLeftToTheInterface) {
  EXPECT_EQ(report_of(with_word(syn, tcp_checksum_at, 0)).transport, offloaded);
  EXPECT_EQ(report_of(with_word(syn, 10, 0)).network, offloaded);
  EXPECT_EQ(report_of(with_word(syn, 2, 0)).network, offloaded) << "total length 0";
}

TEST(Checksum, ASegmentLongerThanALinkCarriesWasPutTogetherByOffload) {
  auto segment = syn;
  segment.resize(1501);
  segment = with_word(segment, 2, 1501);
  EXPECT_EQ(report_of(segment).transport, offloaded);
  segment.resize(1500);
  EXPECT_EQ(report_of(with_word(segment, 2, 1500)).transport, bad);
}

TEST(Checksum, UdpMayDoWithout) {
  EXPECT_EQ(report_of(with_word(datagram, udp_checksum_at, 0)).transport, absent);
}

TEST(Checksum, UdpOverIpv6MayNotDoWithoutUnlessItCarriesATunnel) {
  EXPECT_EQ(report_of(with_word(datagram_v6, 46, 0), LinkType::ipv6).transport, bad);
  // VXLAN with an ARP request inside.
  const auto tunnel = hex("60000000 003a 11 40 20010db8000000000000000000000010",
                          "20010db8000000000000000000000020 1388 12b5 003a 0000 08000000 00000100",
                          "ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001",
                          "c000020a 000000000000 c0000214");
  EXPECT_EQ(dissect(tunnel, LinkType::ipv6).layer_names(), "ipv6 udp vxlan ethernet arp");
  EXPECT_EQ(report_of(tunnel, LinkType::ipv6).transport, absent);
}

TEST(Checksum, WhatIsCutOrClippedCannotBeVerified) {
  const std::vector<std::byte> cut(datagram.begin(), datagram.end() - 1);
  const auto snapped = dissect(cut, LinkType::ipv4, {.wire_length = 33});
  EXPECT_EQ(verify_checksums(snapped.dissection), (ChecksumReport{good, unverifiable}));
  EXPECT_EQ(report_of(cut), (ChecksumReport{good, unverifiable}));
  const std::vector<std::byte> cut_v6(datagram_v6.begin(), datagram_v6.end() - 1);
  EXPECT_EQ(report_of(cut_v6, LinkType::ipv6), (ChecksumReport{absent, unverifiable}));
}

TEST(Checksum, FragmentsCannotBeVerifiedUntilPutTogether) {
  // The datagram above in two fragments.
  const auto first = hex("4500 001c 1234 2000 4011 c47e c000020a c0000214 1388 0035 000d 2426");
  const auto last = hex("4500 0019 1234 0001 4011 e480 c000020a c0000214 68656c6c6f");
  EXPECT_EQ(report_of(first), (ChecksumReport{good, unverifiable}));
  Dissector dissector;
  Dissection dissection;
  for (const std::vector<std::byte>* const bytes : {&first, &last}) {
    dissector.dissect({.wire_length = static_cast<std::uint32_t>(bytes->size()),
                       .link_type = LinkType::ipv4,
                       .bytes = *bytes},
                      dissection);
  }
  EXPECT_EQ(verify_checksums(dissection), (ChecksumReport{good, good}));
}

TEST(Checksum, IcmpHasNoPseudoHeader) {
  const auto echo = hex("4500 001c 1234 4000 4001 a48e c000020a c0000214 0800 e5ca 12340001");
  EXPECT_EQ(report_of(echo), (ChecksumReport{good, good}));
  EXPECT_EQ(report_of(with_word(echo, 26, 2)).transport, bad);
}

TEST(Checksum, Icmpv6HasOne) {
  const auto echo = hex("60000000 0008 3a 40 20010db8000000000000000000000010",
                        "20010db8000000000000000000000020 8000 11e6 1234 0001");
  EXPECT_EQ(report_of(echo, LinkType::ipv6), (ChecksumReport{absent, good}));
  EXPECT_EQ(report_of(with_word(echo, 42, 0x11e7), LinkType::ipv6).transport, bad);
}

TEST(Checksum, PseudoHeaderHasTheEndOfASourceRoute) {
  // LSRR 198.51.100.1 203.0.113.9, pointer 4: still under way; 12: at its end.
  const auto routed = hex("4800 0029 1234 4000 4011 72d8 c000020a c6336407",
                          "830b04 c6336401 cb007109 01 1388 0035 0009 760a 78");
  EXPECT_EQ(report_of(routed), (ChecksumReport{good, good}));
  auto arrived = routed;
  arrived[22] = std::byte{12};
  EXPECT_EQ(report_of(arrived).transport, bad) << "the destination is now that of the header";
}

TEST(Checksum, EveryOuterHeaderCounts) {
  // IP in IP: the outer header's checksum is wrong, the inner ones are right.
  const auto outer = hex("4500 003c 0001 0000 4004 0000 c6336401 c6336402");
  std::vector<std::byte> nested = with_word(outer, 10, 0x1234);
  nested.insert(nested.end(), syn.begin(), syn.end());
  EXPECT_EQ(dissect(nested, LinkType::ipv4).layer_names(), "ipv4 ipv4 tcp");
  EXPECT_EQ(report_of(nested), (ChecksumReport{bad, good}));
}

TEST(Checksum, UdpLiteCoversWhatItSays) {
  // Coverage of 8 octets: the data may change.
  auto light = hex("4500 0020 1234 4000 4088 a403 c000020a c0000214 1388 0035 0008 6787 6c697465");
  EXPECT_EQ(report_of(light), (ChecksumReport{good, good}));
  light.back() = std::byte{0};
  EXPECT_EQ(report_of(light).transport, good);
  EXPECT_EQ(report_of(with_word(light, 20, 0x1389)).transport, bad);
}

TEST(Checksum, WhatHasNoneSaysSo) {
  EXPECT_EQ(report_of(hex("4500 0018 1234 4000 40fe 0000 c000020a c0000214 aabbccdd")),
            (ChecksumReport{offloaded, absent}));
  EXPECT_EQ(report_of({}), (ChecksumReport{absent, absent}));
}

}  // namespace
}  // namespace tapdeck
