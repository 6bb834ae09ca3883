// What the view keeps of the past: the newest, within bounds.
#include <gtest/gtest.h>

#include "tools/tapdeck/terminal/kept_packets.h"
#include "tools/tapdeck/terminal/recent_segments.h"

namespace tapdeck {
namespace {

TracedSegment segment_of(std::uint64_t connection, std::uint64_t frame) {
  TracedSegment traced;
  traced.connection = connection;
  traced.frame = frame;
  traced.segment.seg_seq = {static_cast<std::uint32_t>(frame)};
  traced.segment.payload_octets = 1;
  traced.segment.flags = TcpFlags::ack;
  return traced;
}

TEST(RecentSegments, BeginWithWhatIsKeptOfAllConnections) {
  RecentSegments recent;
  const std::uint64_t frames = RecentSegments::most_kept + 1'000;
  for (std::uint64_t frame = 1; frame <= frames; ++frame) {
    recent.add({.segments = {segment_of(frame % 2 + 1, frame)}, .verdicts = {}});
  }
  recent.open(1);
  EXPECT_EQ(recent.first_frame(), 1'002U);
  recent.open(2);
  EXPECT_EQ(recent.first_frame(), 1'001U);
  EXPECT_EQ(recent.ladder().tallies[0].data_segments, RecentSegments::most_kept / 2);
  recent.open(3);
  EXPECT_EQ(recent.first_frame(), 0U);
  EXPECT_TRUE(recent.ladder().items.empty());
}

TEST(RecentSegments, GoOnWithWhatComes) {
  RecentSegments recent;
  recent.add({.segments = {segment_of(1, 1)}, .verdicts = {}});
  recent.open(1);
  EXPECT_EQ(recent.ladder().items.size(), 1U);
  recent.add({.segments = {segment_of(1, 2), segment_of(2, 3)}, .verdicts = {}});
  EXPECT_EQ(recent.ladder().items.size(), 2U);
  Verdict verdict;
  verdict.origin = Origin::retransmission;
  recent.add({.segments = {}, .verdicts = {{1, 1, verdict}, {2, 1, verdict}, {3, 2, verdict}}});
  EXPECT_EQ(recent.ladder().tallies[0].words.of("retransmission").count, 2U);
  recent.open(2);
  EXPECT_EQ(recent.ladder().tallies[0].words.of("retransmission").count, 1U);
}

class KeptNumbers {
 public:
  void add(std::uint64_t number, std::size_t octets) {
    x_batch.buffer.assign(octets, static_cast<std::byte>(number));
    Packet packet;
    packet.number = number;
    packet.bytes = x_batch.buffer;
    x_batch.packets = {packet};
    kept.add(x_batch);
  }

  /// Of those that are kept, each of which must hold its own bytes.
  [[nodiscard]] std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> result;
    kept.for_each([&](const Packet& packet) {
      result.push_back(packet.number);
      for (const std::byte octet : packet.bytes) {
        EXPECT_EQ(octet, static_cast<std::byte>(packet.number));
      }
    });
    return result;
  }

  KeptPackets kept;

 private:
  PacketBatch x_batch;
};

TEST(KeptPackets, AreTheNewestInTheirOrder) {
  KeptNumbers packets;
  const std::size_t octets = KeptPackets::octets_of_chunk / 4;
  for (std::uint64_t number = 1; number <= 200; ++number) packets.add(number, octets);
  const auto numbers = packets.numbers();
  EXPECT_EQ(numbers.size(), 4 * KeptPackets::most_chunks);
  EXPECT_EQ(numbers.back(), 200U);
  EXPECT_EQ(numbers.front(), 200 - numbers.size() + 1);
}

TEST(KeptPackets, AreBoundedByTheirNumberToo) {
  KeptNumbers packets;
  const std::uint64_t most = KeptPackets::packets_of_chunk * KeptPackets::most_chunks;
  for (std::uint64_t number = 1; number <= most + 1; ++number) packets.add(number, 0);
  EXPECT_EQ(packets.numbers().size(), most + 1 - KeptPackets::packets_of_chunk);
  packets.add(most + 2, KeptPackets::octets_of_chunk + 1);
  EXPECT_EQ(packets.numbers().back(), most + 1);
}

}  // namespace
}  // namespace tapdeck
