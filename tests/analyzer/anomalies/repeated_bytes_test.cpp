// How often each byte was sent again, whatever segments carried it.
#include "analyzer/anomalies/repeated_bytes.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

Moment at(std::int64_t time_ns) {
  return {.frame = static_cast<std::uint64_t>(time_ns), .time_ns = time_ns};
}

int repeats(const RepeatedBytes& bytes, std::uint32_t position) {
  const RepeatedRange* const range = bytes.find({position});
  return range == nullptr ? 0 : range->repeats;
}

TEST(RepeatedBytes, CountsEachByteForItself) {
  RepeatedBytes bytes;
  bytes.add({100}, {200}, at(10), true, 1);
  bytes.add({150}, {300}, at(20), false, 1);
  bytes.add({180}, {190}, at(30), false, 1);
  EXPECT_EQ(repeats(bytes, 99), 0);
  EXPECT_EQ(repeats(bytes, 100), 1);
  EXPECT_EQ(repeats(bytes, 150), 2);
  EXPECT_EQ(repeats(bytes, 185), 3);
  EXPECT_EQ(repeats(bytes, 190), 2);
  EXPECT_EQ(repeats(bytes, 299), 1);
  EXPECT_EQ(repeats(bytes, 300), 0);
  EXPECT_EQ(bytes.find({185})->last_ns, 30);
  EXPECT_EQ(bytes.find({185})->first.frame, 10U);
  EXPECT_TRUE(bytes.find({185})->needed);
  EXPECT_FALSE(bytes.find({250})->needed);
}

TEST(RepeatedBytes, AFlightLostAsAWholeTakesOnePlace) {
  RepeatedBytes bytes;
  constexpr std::uint32_t segments = 10 * RepeatedBytes::bound;
  for (std::uint32_t round = 1; round <= 2; ++round) {
    for (std::uint32_t i = 0; i < segments; ++i) {
      bytes.add({i * 100}, {i * 100 + 100}, at(round * 1000 + i), true, 1);
    }
  }
  for (std::uint32_t i = 0; i < segments; ++i) EXPECT_EQ(repeats(bytes, i * 100 + 50), 2);
}

TEST(RepeatedBytes, AtTheBoundTheLongestAgoIsForgotten) {
  RepeatedBytes bytes;
  for (std::uint32_t i = 0; i <= RepeatedBytes::bound; ++i) {
    bytes.add({i * 1000}, {i * 1000 + 100}, at(i + 1), true, 0);
  }
  EXPECT_EQ(repeats(bytes, 50), 0);
  EXPECT_EQ(repeats(bytes, 1050), 1);
  EXPECT_EQ(repeats(bytes, RepeatedBytes::bound * 1000 + 50), 1);
}

TEST(RepeatedBytes, NumbersUsedAgainBelongToOtherBytes) {
  RepeatedBytes bytes;
  bytes.add({0xffff'ffceU}, {50}, at(10), true, 1);
  bytes.add({0xffff'fff0U}, {10}, at(20), true, 1);
  EXPECT_EQ(repeats(bytes, 0), 2);
  bytes.add({0xffff'ffceU}, {50}, at(1000), true, 500);
  EXPECT_EQ(repeats(bytes, 0), 1);
}

}  // namespace
}  // namespace tapdeck
