// Verdicts that wait for evidence.
#include <gtest/gtest.h>

#include "tests/support/story.h"

namespace tapdeck {
namespace {

TEST(PendingVerdicts, RepeatsOfAFloodDontWaitForAllThatFollow) {
  test::Story story({}, TraceWish::verdicts);
  story.step_ns = test::milliseconds;
  story.handshake();
  for (int i = 0; i < 200; ++i) {
    ++story.window;  // no copies: they differ
    story.client(".", 1, 1, 100);
  }
  const Trace so_far = story.table().take_trace();
  EXPECT_GE(so_far.verdicts.size(), 200U - 32U);
  EXPECT_EQ(story.report().directions[0].tcp->counters.retransmissions, 199U);
}

TEST(PendingVerdicts, ThatCantWaitAreCounted) {
  test::Story story;
  story.window = 65'535;
  story.step_ns = test::milliseconds / 100;
  story.handshake();
  const auto dropped = [&] {
    std::uint64_t sum = 0;
    story.table().visit_open(
        1, [&](const Conversation& each) { sum = story.table().details_dropped(each); });
    return sum;
  };
  constexpr std::uint32_t segments = PendingVerdicts::bound + 100;
  for (std::uint32_t i = 0; i < segments; ++i) story.client(".", 1 + 10 * i, 1, 10);
  for (std::uint32_t i = 0; i < segments; ++i) {
    story.client("P.", 1 + 10 * i, 1, 10);
    if (i < PendingVerdicts::bound) {
      ASSERT_EQ(dropped(), 0U);
    }
  }
  EXPECT_EQ(dropped(), 100U);
}

}  // namespace
}  // namespace tapdeck
