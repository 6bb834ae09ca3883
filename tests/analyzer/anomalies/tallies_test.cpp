// What is counted across conversations: the same however it is merged, and small while there is
// little to count.
#include "analyzer/anomalies/tallies.h"

#include <gtest/gtest.h>

#include "analyzer/anomalies/bounded_map.h"

namespace tapdeck {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t millisecond = 1'000'000;

TEST(Tallies, FindTheBusiestOfFewAndOfManySeconds) {
  BusiestSecond busiest;
  for (int i = 0; i < 3; ++i) busiest.add(5 * second + i);
  busiest.add(6 * second);
  EXPECT_EQ(busiest.most(), 3U);
  for (int i = 0; i < 10; ++i) busiest.add((7 + i) * second, 2);
  busiest.add(5 * second);
  EXPECT_EQ(busiest.most(), 4U);
  BusiestSecond other;
  other.add(5 * second, 3);
  other.merge(busiest);
  EXPECT_EQ(other.most(), 7U);
}

TEST(Tallies, EstimateHowManyValuesDiffer) {
  DistinctCount none, one, many;
  for (int i = 0; i < 5; ++i) one.add(77);
  for (std::uint64_t i = 0; i < 100; ++i) many.add(i * 1'000);
  EXPECT_EQ(none.estimate(), 0U);
  EXPECT_EQ(one.estimate(), 1U);
  EXPECT_NEAR(static_cast<double>(many.estimate()), 100, 10);
  const std::uint64_t alone = many.estimate();
  none.merge(many);
  EXPECT_EQ(none.estimate(), alone);
}

TEST(Tallies, KnowTheMedianToWithinADoubling) {
  AnswerTimes times;
  for (int i = 0; i < 6; ++i) times.add(20 * millisecond);
  for (int i = 0; i < 5; ++i) times.add(1'500 * millisecond);
  EXPECT_EQ(times.count(), 11U);
  EXPECT_EQ(times.median_at_most(), 32 * millisecond);
  AnswerTimes negative;
  negative.add(-second);
  EXPECT_EQ(negative.median_at_most(), millisecond);
}

struct Sum {
  int value = 0;
  void merge(const Sum& other) { value += other.value; }
};

HostKey key(std::uint16_t port) { return {.host = {}, .peer = {}, .port = port}; }

TEST(Tallies, OfHostsAreBoundedAndMerge) {
  HostTable<Sum, 20> one, two;
  EXPECT_EQ(one.find(key(1)), nullptr);
  for (std::uint16_t port = 0; port < 30; ++port) {
    if (Sum* const sum = one.at(key(port))) sum->value = port;
  }
  EXPECT_EQ(one.dropped(), 10U);
  ASSERT_NE(one.find(key(19)), nullptr);
  EXPECT_EQ(one.find(key(20)), nullptr);
  two.at(key(19))->value = 1;
  two.at(key(40))->value = 2;
  two.merge(one);
  EXPECT_EQ(two.find(key(19))->value, 20);
  EXPECT_EQ(two.find(key(40))->value, 2);
  EXPECT_EQ(two.dropped(), 10U);
}

}  // namespace
}  // namespace tapdeck
