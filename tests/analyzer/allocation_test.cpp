// No malloc per packet: what a segment of a known connection costs is counted here.
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "analyzer/analysis.h"
#include "tests/support/allocation_counter.h"
#include "tests/support/analyzed.h"
#include "tests/support/hex.h"
#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::Story;

TEST(Allocations, SegmentInOrderOfAKnownConnectionAllocatesNothing) {
  if (!AllocationCounter::works()) GTEST_SKIP() << "the sanitizer counts allocations itself";
  Story story;
  story.handshake();
  const auto exchange = [&story](std::uint32_t from, std::uint32_t until) {
    for (std::uint32_t i = from; i < until; ++i) {
      story.client("P.", 1 + i * 100, 1, 100);
      story.server(".", 1, 101 + i * 100);
    }
  };
  exchange(0, 100);  // the first round trips take what is kept of a connection that is open
  const AllocationCounter counter;
  exchange(100, 1100);
  EXPECT_EQ(counter.allocations(), 0U);
}

TEST(Allocations, FirstGapTakesASlotOfTheSlab) {
  if (!AllocationCounter::works()) GTEST_SKIP() << "the sanitizer counts allocations itself";
  Story story;
  for (std::uint16_t other = 1; other <= 3; ++other) {  // their gaps made the slabs' first chunks
    story.client_port = static_cast<std::uint16_t>(50'000 + other);
    story.handshake();
    story.client("P.", 101, 1, 100);
    story.client("P.", 301, 1, 100);
  }
  story.client_port = 50'000;
  story.handshake();
  const AllocationCounter counter;
  story.client("P.", 101, 1, 100);
  story.client("P.", 301, 1, 100);
  story.client("P.", 1, 1, 100);
  EXPECT_EQ(counter.allocations(), 0U);
}

TEST(Allocations, WholeLineAllocatesNothingPerPacket) {
  if (!AllocationCounter::works()) GTEST_SKIP() << "the sanitizer counts allocations itself";
  // IP 192.0.2.1.50000 > 192.0.2.2.80: Flags [.], seq 1, ack 1, win 1000, length 0
  const std::vector<std::byte> frame = test::hex(
      "020000000002 020000000001 0800"
      "4500 0028 0001 0000 4006 0000 c0000201 c0000202"
      "c350 0050 00000001 00000001 5010 03e8 0000 0000");
  test::CollectingWriter writer;
  Analysis analysis({}, writer);
  PacketBatch batch;
  for (std::uint64_t i = 0; i < 64; ++i) {
    batch.packets.push_back({.number = i + 1,
                             .time_ns = static_cast<std::int64_t>(i),
                             .wire_length = static_cast<std::uint32_t>(frame.size()),
                             .bytes = frame});
  }
  analysis.add(batch);
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) analysis.add(batch);
  EXPECT_EQ(counter.allocations(), 0U);
}

}  // namespace
}  // namespace tapdeck
