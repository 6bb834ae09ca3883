// Lengths of time as users write them.
#include "tools/duration.h"

#include <gtest/gtest.h>

#include "captures/failure.h"

namespace tapdeck::test {
namespace {

constexpr std::int64_t second = 1'000'000'000;

TEST(Duration, IsInSecondsOrHasUnits) {
  EXPECT_EQ(parse_duration("duration", "10"), 10 * second);
  EXPECT_EQ(parse_duration("duration", "0"), 0);
  EXPECT_EQ(parse_duration("duration", "0.5"), second / 2);
  EXPECT_EQ(parse_duration("duration", ".5s"), second / 2);
  EXPECT_EQ(parse_duration("duration", "20ms"), second / 50);
  EXPECT_EQ(parse_duration("duration", "7us"), 7'000);
  EXPECT_EQ(parse_duration("duration", "7.9ns"), 7);
  EXPECT_EQ(parse_duration("duration", "5m"), 300 * second);
  EXPECT_EQ(parse_duration("duration", "1h"), 3'600 * second);
  EXPECT_EQ(parse_duration("duration", "7d"), 7 * 86'400 * second);
  EXPECT_EQ(parse_duration("duration", "1m30.5s20ms"), 90 * second + second / 2 + second / 50);
  EXPECT_EQ(parse_duration("duration", "36525d"), century_ns);
}

TEST(Duration, IsNothingElse) {
  for (const char* const wrong : {"", "s", ".", ".s", "-1", "5x", "5min", "1e3", "nan", "inf",
                                  "1 s", "1m30", "36526d", "99999999999999h", "1s 2s"}) {
    EXPECT_THROW((void)parse_duration("duration", wrong), Failure) << wrong;
  }
}

}  // namespace
}  // namespace tapdeck::test
