// Frames prepared ahead: all of them, in order, within the memory, in both ways of making them.
#include "tools/replay/frame_feed.h"

#include <numeric>

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "tests/tools/replay/frame_packets.h"

namespace tapdeck::test {
namespace {

const std::atomic<bool> never = false;

std::vector<std::uint64_t> numbers_of_loop(FrameFeed& feed) {
  std::vector<std::uint64_t> numbers;
  while (const FrameChunk* chunk = feed.next(never)) {
    for (const Packet& frame : chunk->frames()) numbers.push_back(frame.number);
  }
  return numbers;
}

class Feed : public ::testing::TestWithParam<FrameFeed::Thread> {
 protected:
  static constexpr std::size_t frame_count = 100;
  std::vector<std::uint64_t> expected = std::vector<std::uint64_t>(frame_count);
  Frames frames{std::vector<std::int64_t>(frame_count), 10};

  void SetUp() override { std::iota(expected.begin(), expected.end(), 1); }
};

TEST_P(Feed, HandsOutEveryFrameOfEachLoop) {
  // Nothing, less than two chunks, and more than all of them.
  for (const std::size_t memory : {std::size_t{0}, std::size_t{3} << 19U, std::size_t{1} << 30U}) {
    for (const bool several_loops : {false, true}) {
      frames = Frames(std::vector<std::int64_t>(frame_count), 10);
      FrameFeed feed(frames.maker(), memory, several_loops, GetParam());
      for (int loop = 0; loop < 3; ++loop) {
        if (loop > 0) feed.rewind();
        EXPECT_EQ(numbers_of_loop(feed), expected) << memory << ", loop " << loop;
      }
      const bool is_kept = several_loops && memory > frame_count * FrameChunk::usual_octets;
      EXPECT_EQ(frames.readings, is_kept ? 1U : 3U) << memory;
    }
  }
}

TEST_P(Feed, PassesOnWhatTheMakerThrows) {
  FrameFeed feed({.fill = [](FrameChunk&) { throw Failure(ExitCode::unwritable_output, "no"); },
                  .start_again = {}},
                 0, false, GetParam());
  EXPECT_THROW(static_cast<void>(feed.next(never)), Failure);
}

TEST(FeedOfASilentPipe, EndsWhenItIsStopped) {
  std::atomic<bool> spoke = false, stop = false;
  FrameFeed feed({.fill =
                      [&](FrameChunk&) {
                        stop = true;
                        while (!spoke) std::this_thread::yield();
                      },
                  .start_again = {}},
                 0, false);
  EXPECT_EQ(feed.next(stop), nullptr);
  EXPECT_FALSE(feed.stop());
  spoke = true;
}

INSTANTIATE_TEST_SUITE_P(InBothThreads, Feed,
                         ::testing::Values(FrameFeed::Thread::own, FrameFeed::Thread::callers));

TEST(FeedOfItsOwnThread, IsWholeWhenEverythingFits) {
  Frames frames(std::vector<std::int64_t>(25), 10);
  FrameFeed feed(frames.maker(), std::size_t{1} << 30U, false);
  const std::atomic<bool> stop = false;
  feed.wait_until_ahead(stop);
  const auto* const chunks = feed.whole();
  ASSERT_NE(chunks, nullptr);
  EXPECT_EQ(chunks->size(), 3U);
}

TEST(FeedOfItsOwnThread, WaitsAtTheEndOfTheMemory) {
  Frames frames(std::vector<std::int64_t>(100), 10);
  FrameFeed feed(frames.maker(), FrameChunk::usual_octets, false);
  const std::atomic<bool> stop = false;
  feed.wait_until_ahead(stop);
  EXPECT_EQ(feed.whole(), nullptr);
  EXPECT_EQ(numbers_of_loop(feed).size(), 100U);
}

TEST(FrameChunk, TakesOneFrameOfAnyLength) {
  FrameChunk chunk;
  const std::vector<std::byte> octets(3 * FrameChunk::usual_octets);
  ASSERT_TRUE(chunk.has_room(octets.size()));
  chunk.add({.number = 1, .bytes = octets}, 0);
  EXPECT_FALSE(chunk.has_room(1));
  chunk.clear();
  EXPECT_TRUE(chunk.has_room(octets.size()));
  EXPECT_EQ(chunk.frames().size(), 0U);
}

TEST(FrameChunk, KeepsEachFramesBytes) {
  FrameChunk chunk;
  std::vector<std::byte> octets(1000);
  std::size_t count = 0;
  for (; chunk.has_room(octets.size()); ++count) {
    octets.front() = static_cast<std::byte>(count);
    chunk.add({.number = count, .bytes = octets}, 1);
  }
  EXPECT_EQ(count, FrameChunk::usual_octets / octets.size());
  for (const Packet& frame : chunk.frames()) {
    EXPECT_EQ(frame.bytes.front(), static_cast<std::byte>(frame.number));
    EXPECT_EQ(frame.bytes.size(), octets.size());
  }
}

}  // namespace
}  // namespace tapdeck::test
