// Every golden frame, cut at every length and padded, whatever its protocols: the layers of a cut
// frame are the first ones of the whole, padding changes nothing, no octet outside is read (under
// the asan preset) and every field lies in its layer.
#include <algorithm>
#include <filesystem>
#include <set>
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

/// Which protocols a frame holds and how long its headers are: of frames that agree in that, one
/// shows as much as all.
std::string shape_of(const Dissection& dissection) {
  std::string shape;
  for (const Layer& layer : dissection.all_layers()) {
    shape += std::string(name_of(layer.protocol)) + std::to_string(layer.header_length) + ' ';
  }
  return shape + std::to_string(std::min<std::size_t>(dissection.payload.length, 2));
}

/// Frames with every shape of headers that the golden captures hold, the shortest of each capture.
template <class Visit>
void for_each_shape(const std::string& path, Visit visit) {
  constexpr std::size_t enough_frames = 3;
  std::multiset<std::string> seen;
  const auto source = open_captures({path}, {});
  PacketBatch batch;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      const DissectedPacket whole = dissect_alone(packet);
      const std::string shape = shape_of(whole.dissection);
      if (seen.count(shape) == enough_frames) continue;
      seen.insert(shape);
      visit(packet, whole);
      if (testing::Test::HasFailure()) {
        FAIL() << path << " frame " << packet.number << ": " << whole.layer_names();
      }
    }
  }
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, EveryCutIsAPrefix) {
  for_each_shape(GetParam(), [](const Packet&, const DissectedPacket& whole) {
    test::expect_fields_inside(whole.dissection);
    test::expect_every_cut_keeps_the_rules(whole);
  });
}

/// What Ethernet or a tap appends behind the packet. Only from the network layer inwards is it told
/// from payload: the link layer's own length is the frame's.
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
  for_each_shape(GetParam(), [](const Packet& packet, const DissectedPacket& whole) {
    const bool cut = packet.bytes.size() < packet.wire_length;
    if (cut || whole.dissection.network == Dissection::no_layer) return;
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
