// Every golden frame, cut and padded, whatever its protocols. Cut at every length (the few longer
// than any Ethernet frame, from segmentation offload, at every 61st once only payload is left): the
// layers are the first ones of the whole, no octet outside is read (under the asan preset)
// and the fields keep their rules. Padding changes nothing, whether there is a network layer or
// not.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "captures/packet_source.h"
#include "dissectors/registry.h"
#include "tests/support/dissect.h"
#include "tests/support/dissection_rules.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::DissectedPacket;

std::vector<std::string> golden_captures() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(TAPDECK_GOLDEN_DIR)) {
    if (entry.path().extension().string().starts_with(".pcap")) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

/// A golden frame in a block of its own. Fragments are looked at one by one here.
DissectedPacket dissect_alone(const Packet& packet) {
  return dissect({packet.bytes.begin(), packet.bytes.end()}, packet.link_type,
                 {.wire_length = packet.wire_length, .fcs_length = packet.fcs_length});
}

template <class Visit>
void for_each_frame(const std::string& path, Visit visit) {
  const auto source = open_captures({path}, {});
  PacketBatch batch;
  std::size_t frames = 0;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      const DissectedPacket whole = dissect_alone(packet);
      visit(packet, whole);
      ++frames;
      if (testing::Test::HasFailure()) {
        FAIL() << path << " frame " << packet.number << ": " << whole.layer_names();
      }
    }
  }
  EXPECT_GT(frames, 0U) << path;
}

TEST(GoldenCaptures, AreThere) {
  constexpr std::size_t fewest = 15;
  EXPECT_GE(golden_captures().size(), fewest);
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, EveryCutIsAPrefix) {
  constexpr std::size_t longest_swept = 2048;
  for_each_frame(GetParam(), [](const Packet&, const DissectedPacket& whole) {
    const std::size_t stride = whole.bytes.size() <= longest_swept ? 1 : 61;
    test::expect_fields_keep_the_rules(whole.dissection);
    test::expect_every_cut_keeps_the_rules(whole, stride);
  });
}

/// What Ethernet or a tap appends behind the packet. The link layer's own length is the frame's;
/// the network layer and an ARP message know where they end.
void expect_same_behind_padding(const Dissection& plain, const Dissection& padded) {
  ASSERT_EQ(padded.layer_count, plain.layer_count);
  for (std::size_t index = 0; index < plain.layer_count; ++index) {
    const Layer& before = plain.layers[index];
    const Layer& after = padded.layers[index];
    EXPECT_EQ(after.protocol, before.protocol);
    EXPECT_EQ(after.offset, before.offset);
    EXPECT_EQ(after.header_length, before.header_length);
    if (index > plain.network) {
      EXPECT_EQ(after.declared, before.declared);
    }
  }
  EXPECT_EQ(padded.payload.length, plain.payload.length);
  EXPECT_TRUE(std::ranges::equal(padded.payload.bytes, plain.payload.bytes));
}

TEST_P(Golden, PaddingChangesNothing) {
  for_each_frame(GetParam(), [](const Packet& packet, const DissectedPacket& whole) {
    const bool cut = packet.bytes.size() < packet.wire_length;
    if (cut) return;
    for (std::size_t padding = 0; padding <= 64; ++padding) {
      std::vector<std::byte> bytes = whole.bytes;
      bytes.resize(bytes.size() + padding);
      const DissectedPacket padded = dissect(bytes, packet.link_type);
      expect_same_behind_padding(whole.dissection, padded.dissection);
      EXPECT_EQ(verify_checksums(padded.dissection), verify_checksums(whole.dissection));
    }
  });
}

std::string name_of_capture(const testing::TestParamInfo<std::string>& capture) {
  return std::filesystem::path(capture.param).stem().string();
}

INSTANTIATE_TEST_SUITE_P(Captures, Golden, testing::ValuesIn(golden_captures()), name_of_capture);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Golden);

}  // namespace
}  // namespace tapdeck
