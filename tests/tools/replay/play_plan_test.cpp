// What is announced of a replay is what it will do.
#include "tools/replay/play_plan.h"

#include <gtest/gtest.h>

#include "tests/tools/replay/frame_packets.h"
#include "tools/duration.h"

namespace tapdeck::test {
namespace {

constexpr std::int64_t second = 1'000'000'000;

/// Of frames of 100 octets at these times.
PlayPlan plan(std::vector<std::int64_t> times_ns, const ScheduleOptions& schedule,
              const PlayerOptions& options = {}) {
  Frames frames(std::move(times_ns), 2);
  FrameFeed feed(frames.maker(), std::size_t{64} << 20U, true);
  feed.wait_until_ahead(false);
  return plan_of(*feed.whole(), schedule, options);
}

TEST(PlayPlan, CountsFramesOctetsAndTime) {
  const PlayPlan once = plan({5, 5 + second, 5 + 3 * second}, {});
  EXPECT_EQ(once.frames, 3U);
  EXPECT_EQ(once.octets, 300U);
  EXPECT_EQ(once.duration_ns, 3 * second);
  EXPECT_EQ(plan({0, second, 3 * second}, {.loop_pause_ns = second}, {.loops = 3}).duration_ns,
            11 * second);
  EXPECT_EQ(plan({0, second}, {.pace = Pace::top_speed}).duration_ns, 0);
  EXPECT_EQ(plan({}, {}).frames, 0U);
}

TEST(PlayPlan, EndsAtTheFrameThatTheLimitNames) {
  const PlayPlan two = plan({0, second, century_ns + second}, {}, {.frame_limit = 2});
  EXPECT_EQ(two.frames, 2U);
  EXPECT_EQ(two.duration_ns, second);
  EXPECT_FALSE(two.beyond_century);
  const PlayPlan seven =
      plan({0, second, 3 * second}, {.loop_pause_ns = second}, {.loops = 0, .frame_limit = 7});
  EXPECT_EQ(seven.octets, 700U);
  EXPECT_EQ(seven.duration_ns, 8 * second);
}

TEST(PlayPlan, KnowsWhenNobodyWouldLiveToSeeTheEnd) {
  EXPECT_TRUE(plan({0, century_ns + 1}, {}).beyond_century);
  EXPECT_TRUE(plan({0, second}, {}, {.loops = ~std::uint64_t{0}}).beyond_century);
  EXPECT_TRUE(plan({0}, {.loop_pause_ns = century_ns}, {.loops = 3}).beyond_century);
  EXPECT_FALSE(plan({0}, {.loop_pause_ns = century_ns}, {.loops = 2}).beyond_century);
  const PlayPlan limited =
      plan({0, second}, {}, {.loops = ~std::uint64_t{0}, .duration_ns = second});
  EXPECT_FALSE(limited.beyond_century);
  EXPECT_EQ(limited.duration_ns, second);
  const PlayPlan fast = plan({0, second}, {.pace = Pace::top_speed}, {.loops = ~std::uint64_t{0}});
  EXPECT_FALSE(fast.beyond_century);
  EXPECT_EQ(fast.frames, 0U);
}

}  // namespace
}  // namespace tapdeck::test
