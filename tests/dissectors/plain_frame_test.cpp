// One look at a plain frame tells what the walk over its headers tells, also of frames that are cut
// or damaged; and its checksums are judged alike.
#include "dissectors/plain_frame.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "captures/packet_source.h"
#include "dissectors/checksum.h"
#include "dissectors/dissector.h"

namespace tapdeck {
namespace {

bool equal(const Layer& a, const Layer& b) {
  return a.protocol == b.protocol && a.reassembled == b.reassembled && a.quoted == b.quoted &&
         a.offset == b.offset && a.header_length == b.header_length && a.captured == b.captured &&
         a.declared == b.declared;
}

bool equal(const Dissection& a, const Dissection& b) {
  return std::ranges::equal(a.all_layers(), b.all_layers(),
                            [](const Layer& one, const Layer& two) { return equal(one, two); }) &&
         a.network == b.network && a.transport == b.transport &&
         a.quoted_network == b.quoted_network && a.quoted_transport == b.quoted_transport &&
         a.ip_protocol == b.ip_protocol && a.network_layers == b.network_layers &&
         a.tunnel_layers == b.tunnel_layers && a.fcs_length == b.fcs_length &&
         a.has_vlan == b.has_vlan && a.is_fragment == b.is_fragment && a.has_fault == b.has_fault &&
         a.unknown == b.unknown && a.payload.bytes.data() == b.payload.bytes.data() &&
         a.payload.bytes.size() == b.payload.bytes.size() && a.payload.length == b.payload.length &&
         a.reassembly.frames == b.reassembly.frames;
}

struct Seen {
  std::size_t frames = 0;
  std::size_t plain = 0;
};

void compare(const Packet& packet, Seen& seen) {
  Dissection at_one_look;
  ++seen.frames;
  if (!dissect_plain(packet, at_one_look)) return;
  ++seen.plain;
  Dissector dissector;
  Dissection walked;
  dissector.walk(packet, walked);
  ASSERT_TRUE(equal(at_one_look, walked));
  ASSERT_EQ(verify_checksums(at_one_look), verify_checksums(walked));
}

Seen compare_all(const std::string& directory) {
  Seen seen;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (!entry.path().extension().string().starts_with(".pcap")) continue;
    const auto source = open_captures({entry.path()}, {});
    PacketBatch batch;
    while (source->next(batch)) {
      for (const Packet& packet : batch.packets) {
        SCOPED_TRACE(entry.path().string() + " frame " + std::to_string(packet.number));
        compare(packet, seen);
        if (testing::Test::HasFatalFailure()) return seen;
      }
    }
  }
  return seen;
}

TEST(PlainFrame, GoldenFramesAsTheWalkTellsThem) {
  const Seen seen = compare_all(TAPDECK_GOLDEN_DIR);
  EXPECT_GT(seen.plain, seen.frames / 2);
  EXPECT_LT(seen.plain, seen.frames);
}

/// Whole, cut at each length, and with each bit of the headers changed.
void compare_damaged(const PacketBatch& batch, Seen& seen) {
  for (const Packet& packet : batch.packets) {
    std::vector<std::byte> octets(packet.bytes.begin(), packet.bytes.end());
    for (std::size_t length = 0; length <= octets.size(); ++length) {
      Packet cut = packet;
      cut.bytes = std::span(octets).first(length);
      compare(cut, seen);
      cut.wire_length = static_cast<std::uint32_t>(length);
      compare(cut, seen);
    }
    Packet changed = packet;
    changed.bytes = octets;
    for (std::size_t at = 0; at < std::min<std::size_t>(octets.size(), 80); ++at) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        octets[at] ^= std::byte{1} << bit;
        compare(changed, seen);
        octets[at] ^= std::byte{1} << bit;
      }
    }
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "frame " << packet.number;
  }
}

TEST(PlainFrame, DamagedFramesAsTheWalkTellsThem) {
  Seen seen;
  const auto source =
      open_captures({TAPDECK_GOLDEN_DIR "/http.pcap", TAPDECK_GOLDEN_DIR "/http_ipv6.pcap"}, {});
  PacketBatch batch;
  while (source->next(batch)) compare_damaged(batch, seen);
  EXPECT_GT(seen.plain, 0U);
}
}  // namespace
}  // namespace tapdeck
