// Quantiles of lengths of time: exact where they are short, near where they are long.
#include "tools/replay/histogram.h"

#include <limits>

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

TEST(Histogram, IsExactForShortTimes) {
  Histogram histogram;
  for (int value = 1; value <= 100; ++value) histogram.add(value);
  EXPECT_EQ(histogram.quantile(0.5), 50);
  EXPECT_EQ(histogram.quantile(0.99), 99);
  EXPECT_EQ(histogram.quantile(1), 100);
  EXPECT_EQ(histogram.max(), 100);
  EXPECT_EQ(histogram.count(), 100U);
}

TEST(Histogram, IsNearForLongOnes) {
  for (std::int64_t value = 1; value < std::numeric_limits<std::int64_t>::max() / 3; value *= 3) {
    Histogram histogram;
    histogram.add(value);
    histogram.add(std::numeric_limits<std::int64_t>::max());
    const auto exact = static_cast<double>(value);
    EXPECT_NEAR(static_cast<double>(histogram.quantile(0.5)), exact, exact / 60);
    EXPECT_GE(histogram.quantile(0.5), value);
    EXPECT_EQ(histogram.quantile(1), std::numeric_limits<std::int64_t>::max());
  }
}

TEST(Histogram, CountsWhatIsEarlyAsOnTime) {
  Histogram histogram;
  histogram.add(-5);
  EXPECT_EQ(histogram.quantile(0.5), 0);
  EXPECT_EQ(Histogram{}.quantile(0.5), 0);
}

}  // namespace
}  // namespace tapdeck
