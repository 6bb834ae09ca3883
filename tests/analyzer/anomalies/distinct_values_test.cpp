#include "analyzer/anomalies/distinct_values.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

DistinctValues of(const std::vector<std::uint64_t>& values) {
  DistinctValues distinct;
  for (const std::uint64_t value : values) distinct.add(value);
  return distinct;
}

std::vector<std::uint64_t> from(std::uint64_t first, std::uint64_t count, std::uint64_t step = 1) {
  std::vector<std::uint64_t> values(count);
  for (std::uint64_t i = 0; i < count; ++i) values[i] = first + i * step;
  return values;
}

double relative_error(const DistinctValues& values, std::uint64_t truth) {
  return static_cast<double>(values.count()) / static_cast<double>(truth) - 1;
}

TEST(DistinctValues, AreExactWhileTheyAreFew) {
  for (std::uint64_t count = 0; count <= DistinctValues::exact; ++count) {
    DistinctValues values = of(from(0, count));
    for (const std::uint64_t again : from(0, count)) values.add(again);
    EXPECT_TRUE(values.is_exact());
    EXPECT_EQ(values.count(), count);
  }
  EXPECT_FALSE(of(from(0, DistinctValues::exact + 1)).is_exact());
}

/// Values in a row, as ports are, and such that differ in high bits alone: none is farther off than
/// four times the standard error, and on the mean it is kept.
TEST(DistinctValues, AreEstimatedUpToAllPorts) {
  for (std::uint64_t count = DistinctValues::exact + 1; count <= 65'536; count += count / 4) {
    double squares = 0;
    constexpr std::uint64_t sets = 60;
    for (std::uint64_t set = 0; set < sets; ++set) {
      const std::uint64_t step = set % 2 == 0 ? 1 : std::uint64_t{1} << 24U;
      const double error = relative_error(of(from(set * 1'000'003, count, step)), count);
      EXPECT_LT(std::abs(error), 4 * DistinctValues::relative_error) << count << ' ' << set;
      squares += error * error;
    }
    EXPECT_LT(std::sqrt(squares / sets), 1.25 * DistinctValues::relative_error) << count;
  }
  EXPECT_LT(std::abs(relative_error(of(from(0, 65'536)), 65'536)),
            2 * DistinctValues::relative_error);
}

TEST(DistinctValues, AreEstimatedFarBeyond) {
  EXPECT_LT(std::abs(relative_error(of(from(0, 3'000'000)), 3'000'000)),
            3 * DistinctValues::relative_error);
}

TEST(DistinctValues, OfPartsAreThoseOfTheWhole) {
  std::mt19937_64 random(20'260);
  for (const std::uint64_t count : {5U, 30U, 33U, 60U, 1'000U, 20'000U}) {
    std::vector<std::uint64_t> values = from(7, count, 31);
    const DistinctValues whole = of(values);
    for (int round = 0; round < 5; ++round) {
      std::ranges::shuffle(values, random);
      std::vector<DistinctValues> parts(7);
      for (const std::uint64_t value : values) {
        parts[random() % parts.size()].add(value);
        parts[random() % parts.size()].add(value);
      }
      DistinctValues merged;
      for (const DistinctValues& part : parts) merged.merge(part);
      EXPECT_EQ(merged.count(), whole.count());
      EXPECT_EQ(merged.is_exact(), whole.is_exact());
    }
  }
}

}  // namespace
}  // namespace tapdeck
