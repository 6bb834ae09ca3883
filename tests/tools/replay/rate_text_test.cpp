// How a rate reads, however slow it is.
#include <gtest/gtest.h>

#include "tools/replay/statistics.h"

namespace tapdeck {
namespace {

TEST(RateText, KeepsItsFirstThreeDigits) {
  EXPECT_EQ(rate_text(1204.46, 1), "1204.5");
  EXPECT_EQ(rate_text(20, 1), "20.0");
  EXPECT_EQ(rate_text(0.033333, 1), "0.0333");
  EXPECT_EQ(rate_text(0.000011574, 1), "0.0000116");
  EXPECT_EQ(rate_text(530.9284, 3), "530.928");
  EXPECT_EQ(rate_text(0, 1), "0.0");
}

}  // namespace
}  // namespace tapdeck
