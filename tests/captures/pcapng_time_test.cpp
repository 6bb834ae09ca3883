// Time stamps of every resolution and offset.
#include <limits>

#include <gtest/gtest.h>

#include "captures/pcapng_format.h"

namespace tapdeck::pcapng {
namespace {

constexpr std::int64_t second = 1'000'000'000;

std::uint8_t binary(unsigned exponent) { return static_cast<std::uint8_t>(0x80U | exponent); }

TEST(TimeScale, TakesPowersOfTen) {
  EXPECT_EQ(TimeScale(0, 0).nanoseconds(7), 7 * second);
  EXPECT_EQ(TimeScale(3, 0).nanoseconds(1'700'000'000'123), 1'700'000'000'123'000'000);
  EXPECT_EQ(TimeScale(6, 0).nanoseconds(1'700'000'000'123'456), 1'700'000'000'123'456'000);
  EXPECT_EQ(TimeScale(9, 0).nanoseconds(1'700'000'000'123'456'789), 1'700'000'000'123'456'789);
}

TEST(TimeScale, DropsWhatIsUnderANanosecond) {
  EXPECT_EQ(TimeScale(12, 0).nanoseconds(1'234'567'890'123'456), 1'234'567'890'123);
  EXPECT_EQ(TimeScale(19, 0).nanoseconds(12'345'678'901), 1);
  EXPECT_EQ(TimeScale(28, 0).nanoseconds(10'000'000'000'000'000'000U - 1), 0);
  EXPECT_EQ(TimeScale(127, 0).nanoseconds(std::numeric_limits<std::int64_t>::max()), 0);
}

TEST(TimeScale, TakesPowersOfTwo) {
  EXPECT_EQ(TimeScale(binary(0), 0).nanoseconds(3), 3 * second);
  EXPECT_EQ(TimeScale(binary(1), 0).nanoseconds(3), second + second / 2);
  EXPECT_EQ(TimeScale(binary(10), 0).nanoseconds(1024 * 5 + 512), 5 * second + second / 2);
  EXPECT_EQ(TimeScale(binary(32), 0).nanoseconds((5ULL << 32) + (1ULL << 31)),
            5 * second + second / 2);
  EXPECT_EQ(TimeScale(binary(63), 0).nanoseconds(1ULL << 62), second / 2);
  EXPECT_EQ(TimeScale(binary(64), 0).nanoseconds(1ULL << 62), second / 4);
  EXPECT_EQ(TimeScale(binary(70), 0).nanoseconds(1ULL << 62), second / 256);
  EXPECT_EQ(TimeScale(binary(127), 0).nanoseconds(1ULL << 62), 0);
}

TEST(TimeScale, AddsTheOffset) {
  EXPECT_EQ(TimeScale(6, 100).nanoseconds(1), 100 * second + 1000);
  EXPECT_EQ(TimeScale(6, -100).nanoseconds(1), -100 * second + 1000);
  EXPECT_EQ(TimeScale(binary(10), -1).nanoseconds(512), -second / 2);
}

TEST(TimeScale, TakesTheHighestBitAsBeforeTheEpoch) {
  const std::uint64_t minus_one = ~std::uint64_t{0};
  EXPECT_EQ(TimeScale(6, 0).nanoseconds(minus_one), -1000);
  EXPECT_EQ(TimeScale(9, 0).nanoseconds(minus_one), -1);
  EXPECT_EQ(TimeScale(binary(1), 0).nanoseconds(minus_one), -second / 2);
}

TEST(TimeScale, StaysWithinSixtyFourBits) {
  const std::int64_t far = 9'000'000'000 * second;
  EXPECT_GT(TimeScale(0, 0).nanoseconds(std::uint64_t{1} << 62), far);
  EXPECT_LT(TimeScale(0, 0).nanoseconds(std::uint64_t{3} << 62), -far);
  EXPECT_GT(TimeScale(6, std::numeric_limits<std::int64_t>::max()).nanoseconds(1), far);
  EXPECT_LT(TimeScale(9, std::numeric_limits<std::int64_t>::min()).nanoseconds(1), -far);
  EXPECT_GT(
      TimeScale(0, std::numeric_limits<std::int64_t>::max()).nanoseconds(std::uint64_t{1} << 62),
      far);
}

TEST(TimeScale, AddsTheOffsetToZero) {
  const std::int64_t offset = 1'700'000'000;
  EXPECT_EQ(TimeScale(6, offset).nanoseconds(0), offset * second);
  EXPECT_EQ(TimeScale(binary(20), offset).nanoseconds(0), offset * second);
  EXPECT_EQ(TimeScale(12, offset).nanoseconds(0), offset * second);
}

TEST(TimeScale, KnowsItsDigits) {
  EXPECT_EQ(TimeScale(0, 0).digits(), 0);
  EXPECT_EQ(TimeScale(6, 0).digits(), 6);
  EXPECT_EQ(TimeScale(9, 0).digits(), 9);
  EXPECT_EQ(TimeScale(12, 0).digits(), 9);
  EXPECT_EQ(TimeScale(binary(10), 0).digits(), 4);
  EXPECT_EQ(TimeScale(binary(20), 0).digits(), 7);
  EXPECT_EQ(TimeScale(binary(60), 0).digits(), 9);
}

}  // namespace
}  // namespace tapdeck::pcapng
