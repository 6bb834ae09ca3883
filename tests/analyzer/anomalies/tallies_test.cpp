// What is counted across conversations: the same however it is merged, and small while there is
// little to count.
#include "analyzer/anomalies/tallies.h"

#include <map>
#include <random>
#include <ranges>

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

/// So many a second, for so long, dealt out to shards at random and merged from either end.
std::array<BusiestSecond, 2> merged(std::int64_t seconds, int rate, std::size_t shards) {
  std::mt19937 random(1);
  std::vector<BusiestSecond> parts(shards);
  for (std::int64_t at = 0; at < seconds; ++at) {
    for (int i = 0; i < rate; ++i) parts[random() % shards].add(at * second + i);
  }
  std::array<BusiestSecond, 2> wholes;
  for (const BusiestSecond& part : parts) wholes[0].merge(part);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) wholes[1].merge(*part);
  return wholes;
}

TEST(Tallies, AddUpSecondsThatNoShardFindsBusy) {
  for (const std::int64_t seconds : {30, 120, 600, 10'000}) {
    for (const std::size_t shards : {1, 7, 256}) {
      for (const BusiestSecond& whole : merged(seconds, 100, shards)) {
        EXPECT_EQ(whole.most(), 100U) << seconds << " s in " << shards;
      }
    }
  }
}

TEST(Tallies, NeverClaimMoreThanTheBusiestSecondHad) {
  std::mt19937 random(2);
  for (int round = 0; round < 50; ++round) {
    std::map<std::int64_t, std::uint64_t> truth;
    std::array<BusiestSecond, 5> parts;
    BusiestSecond undivided;
    for (int i = 0; i < 2'000; ++i) {
      const std::int64_t at = random() % (10U << (round % 12U));
      const std::uint64_t count = 1 + random() % 5;
      truth[at] += count;
      parts[random() % parts.size()].add(at * second, count);
      undivided.add(at * second, count);
    }
    for (std::size_t i = 1; i < parts.size(); ++i) parts[0].merge(parts[i]);
    const std::uint64_t most = std::ranges::max(truth | std::views::values);
    EXPECT_EQ(parts[0].most(), undivided.most());
    EXPECT_LE(parts[0].most(), most);
    if (truth.size() <= 128) {
      EXPECT_EQ(parts[0].most(), most);
    }
  }
}

TEST(Tallies, TakeTimesBeforeTheEpochAndFarAhead) {
  BusiestSecond busiest;
  for (const std::int64_t at : {INT64_MIN, std::int64_t{-1}, INT64_MAX}) busiest.add(at);
  EXPECT_EQ(busiest.most(), 2U);
}

TEST(Tallies, EstimateHowManyValuesDiffer) {
  DistinctCount none, one, many;
  for (int i = 0; i < 5; ++i) one.add(77);
  for (std::uint64_t i = 0; i < 100; ++i) many.add(i * 1'000);
  EXPECT_EQ(none.values().count(), 0U);
  EXPECT_EQ(one.values().count(), 1U);
  EXPECT_NEAR(static_cast<double>(many.values().count()), 100, 10);
  const std::uint64_t alone = many.values().count();
  none.merge(many);
  EXPECT_EQ(none.values().count(), alone);
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

TEST(Tallies, OfHostsStayBoundedWhenTheyMerge) {
  constexpr std::uint16_t bound = 3, shards = 40;
  using Table = HostTable<Sum, bound>;
  Table whole;
  for (std::uint16_t shard = 0; shard < shards; ++shard) {
    Table part;
    part.at(key(0))->value = 1;
    for (std::uint16_t i = 1; i < bound; ++i) {
      part.at(key(static_cast<std::uint16_t>(100 * shard + i)))->value = 1;
    }
    whole.merge(part);
  }
  std::size_t size = 0;
  whole.for_each([&](const HostKey&, const Sum&) { ++size; });
  EXPECT_EQ(size, Table::bound_of_merged);
  EXPECT_EQ(whole.find(key(0))->value, shards);
  EXPECT_EQ(whole.dropped(), 1 + shards * (bound - 1) - Table::bound_of_merged);
}

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

struct Numbered {
  std::uint64_t number = 0;

  [[nodiscard]] std::uint64_t frame() const { return number; }
  friend bool operator==(const Numbered&, const Numbered&) = default;
};

TEST(BoundedList, KeepsTheLowestFramesInWhateverOrderTheyCome) {
  BoundedList<Numbered, 3> list;
  for (const std::uint64_t number : {5, 2, 9, 4, 7, 1}) list.add({number});
  EXPECT_EQ(list.kept(), (std::vector<Numbered>{{1}, {2}, {4}}));
  EXPECT_EQ(list.dropped(), 3U);
}

}  // namespace
}  // namespace tapdeck
