#include "analyzer/report/relative_numbers.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

TEST(RelativeNumbers, CountFromTheAnchor) {
  RelativeNumbers numbers;
  EXPECT_FALSE(numbers.is_anchored());
  numbers.anchor({1000});
  EXPECT_TRUE(numbers.is_anchored());
  EXPECT_EQ(numbers.of({1000}), 0);
  EXPECT_EQ(numbers.of({2461}), 1461);
  EXPECT_EQ(numbers.of({999}), -1);
}

TEST(RelativeNumbers, GoOverTheEndOfTheNumbers) {
  RelativeNumbers numbers;
  numbers.anchor({0xffffffff});
  EXPECT_EQ(numbers.of({0}), 1);
  numbers.note({100});
  EXPECT_EQ(numbers.of({100}), 101);
  EXPECT_EQ(numbers.of({0xffffffff}), 0);
}

TEST(RelativeNumbers, DoNotStartAgainBehindFourGigabytes) {
  constexpr std::uint32_t gigabyte = 1U << 30U;
  RelativeNumbers numbers;
  numbers.anchor({7});
  for (std::uint32_t i = 1; i <= 9; ++i) numbers.note({7 + i * gigabyte});
  EXPECT_EQ(numbers.of({7 + 9 * gigabyte}), std::int64_t{9} * gigabyte);
  EXPECT_EQ(numbers.of({6 + 8 * gigabyte}), std::int64_t{8} * gigabyte - 1);
}

TEST(RelativeNumbers, StandStillForWhatCameBefore) {
  RelativeNumbers numbers;
  numbers.anchor({0});
  numbers.note({500});
  numbers.note({100});
  EXPECT_EQ(numbers.octets_before({600}), 100U);
  EXPECT_EQ(numbers.octets_before({500}), 0U);
  EXPECT_EQ(numbers.octets_before({100}), 0U);
}

}  // namespace
}  // namespace tapdeck
