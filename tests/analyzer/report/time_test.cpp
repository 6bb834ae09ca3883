#include "analyzer/report/time.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

TEST(Rfc3339, HasAsManyDigitsAsAsked) {
  constexpr std::int64_t time = 1'709'251'199'987'654'321;
  EXPECT_EQ(rfc3339(time, 9), "2024-02-29T23:59:59.987654321Z");
  EXPECT_EQ(rfc3339(time, 6), "2024-02-29T23:59:59.987654Z");
  EXPECT_EQ(rfc3339(time, 1), "2024-02-29T23:59:59.9Z");
  EXPECT_EQ(rfc3339(time, 0), "2024-02-29T23:59:59Z");
  EXPECT_EQ(rfc3339(time, 12), "2024-02-29T23:59:59.987654321Z");
}

TEST(Rfc3339, CountsBackwardsFrom1970) {
  EXPECT_EQ(rfc3339(0, 0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(-1, 9), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(rfc3339(-1'000'000'000, 3), "1969-12-31T23:59:59.000Z");
}

TEST(Rfc3339, ReachesAllTimes) {
  EXPECT_EQ(rfc3339(INT64_MIN, 9), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(rfc3339(INT64_MAX, 9), "2262-04-11T23:47:16.854775807Z");
}

TEST(Duration, HasFourDigitsOrTwoUnits) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(999), "999 ns");
  EXPECT_EQ(duration_text(1'000), "1.000 us");
  EXPECT_EQ(duration_text(20'135'999), "20.13 ms");
  EXPECT_EQ(duration_text(999'999'999), "999.9 ms");
  EXPECT_EQ(duration_text(1'024'000'000), "1.024 s");
  EXPECT_EQ(duration_text(59'999'999'999), "59.99 s");
  EXPECT_EQ(duration_text(60'000'000'000), "1 min 0 s");
  EXPECT_EQ(duration_text(7'384'000'000'000), "2 h 3 min");
  EXPECT_EQ(duration_text(90'061'000'000'000), "1 d 1 h");
}

TEST(Duration, MayBeNegativeOrAsLongAsCanBe) {
  EXPECT_EQ(duration_text(-1'500'000), "-1.500 ms");
  EXPECT_EQ(duration_text(INT64_MIN), "-106751 d 23 h");
  EXPECT_EQ(duration_between(INT64_MIN, INT64_MAX), "213503 d 23 h");
  EXPECT_EQ(duration_between(INT64_MAX, INT64_MIN), "-213503 d 23 h");
}

}  // namespace
}  // namespace tapdeck
