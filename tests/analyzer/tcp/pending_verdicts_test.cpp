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

}  // namespace
}  // namespace tapdeck
