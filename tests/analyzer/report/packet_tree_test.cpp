#include "analyzer/report/packet_tree.h"

#include <string>

#include <gtest/gtest.h>

#include "analyzer/report/packet_words.h"
#include "tests/analyzer/report/packet_samples.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::hex;
using test::view_of;

std::string tree_of(const test::DissectedPacket& packet) {
  StringSink sink;
  write_packet_tree(view_of(packet), sink);
  return sink.text();
}

std::size_t octets_in(const std::vector<LooseOctets>& loose) {
  std::size_t count = 0;
  for (const LooseOctets& octets : loose) count += octets.bytes.size();
  return count;
}

TEST(PacketTree, ShowsOffsetLengthValueAndMeaning) {
  const std::string tree = tree_of(dissect(hex(test::tcp_syn)));
  EXPECT_NE(tree.find("  ethernet\n      0     6  destination"), std::string::npos) << tree;
  EXPECT_NE(tree.find("     22     1  time_to_live               64"), std::string::npos) << tree;
  EXPECT_NE(tree.find("     36     2  destination_port           80"), std::string::npos) << tree;
  EXPECT_NE(tree.find("     50     2  checksum                   0xd3e7  good"), std::string::npos)
      << tree;
  EXPECT_EQ(tree.find("octets of no field"), std::string::npos) << tree;
}

TEST(PacketTree, ShowsWhatACutCaptureLeftOut) {
  const auto whole = hex(test::tagged_ping);
  const auto packet = dissect({whole.begin(), whole.end() - 1}, LinkType::ethernet,
                              {.wire_length = static_cast<std::uint32_t>(whole.size())});
  const std::string tree = tree_of(packet);
  EXPECT_NE(tree.find("48 octets on the wire, 47 captured"), std::string::npos) << tree;
}

TEST(PacketTree, SaysWhichLayersAreQuoted) {
  const std::string tree = tree_of(dissect(hex(test::icmp_error)));
  EXPECT_NE(tree.find("  udp (of the quoted packet)\n"), std::string::npos) << tree;
}

TEST(PacketTree, PutsAFaultWhereTheWalkStopped) {
  const auto whole = hex(test::tcp_syn);
  const std::string tree = tree_of(dissect({whole.begin(), whole.begin() + 44}));
  const std::size_t fault = tree.find("\n  ! ");
  EXPECT_GT(fault, tree.find("\n  ipv4\n")) << tree;
  EXPECT_NE(fault, std::string::npos) << tree;
}

TEST(LooseOctets, AreThePayloadBehindTheLastHeader) {
  const auto packet = dissect(hex("0180c200000e 020000000001 88cc 4142"));
  const auto loose = loose_octets(packet.dissection, describe(packet.dissection));
  ASSERT_EQ(loose.size(), 1U);
  EXPECT_EQ(loose[0].name, "payload");
  EXPECT_EQ(loose[0].offset, 14U);
  EXPECT_EQ(loose[0].bytes.size(), 2U);
}

/// No octet is left out and none is shown twice, whatever padding stands behind the packet.
TEST(LooseOctets, CompleteTheFieldTree) {
  for (std::size_t padding = 0; padding < 64; ++padding) {
    auto bytes = hex(test::tcp_syn);
    const auto payload = hex("4745 5420");
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    bytes[17] = std::byte{0x40};  // total length with four octets of payload
    bytes.resize(bytes.size() + padding);
    const auto packet = dissect(bytes);
    const auto tree = describe(packet.dissection);
    std::vector<bool> held(bytes.size(), false);
    for (const LayerFields& layer : tree) {
      for (const Field& field : layer.fields) {
        for (std::uint32_t i = 0; i < field.length; ++i) held[field.offset + i] = true;
      }
    }
    const auto in_fields = static_cast<std::size_t>(std::ranges::count(held, true));
    EXPECT_EQ(in_fields + octets_in(loose_octets(packet.dissection, tree)), bytes.size());
  }
}

}  // namespace
}  // namespace tapdeck
