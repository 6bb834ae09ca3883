// How early a sleeper is woken, by how late it was woken before.
#include "tools/replay/clock.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

constexpr std::int64_t microsecond = 1'000;

TEST(WakeMargin, IsShortWhereSleepersAreWokenInTime) {
  WakeMargin margin;
  EXPECT_EQ(margin.ns(), 100 * microsecond);
  margin.learn(60 * microsecond);
  EXPECT_EQ(margin.ns(), 100 * microsecond);
}

TEST(WakeMargin, LeavesMoreThanTheLatestWakeUpTook) {
  WakeMargin margin;
  margin.learn(400 * microsecond);
  margin.learn(20 * microsecond);
  EXPECT_GT(margin.ns(), 490 * microsecond);
  EXPECT_LE(margin.ns(), 500 * microsecond);
}

TEST(WakeMargin, ForgetsThatAMachineOnceWokeLate) {
  WakeMargin margin;
  margin.learn(400 * microsecond);
  for (int wait = 0; wait < 2'000; ++wait) margin.learn(0);
  EXPECT_EQ(margin.ns(), 100 * microsecond);
}

TEST(WakeMargin, TakesNoAccidentForARule) {
  WakeMargin margin;
  margin.learn(80'000 * microsecond);
  EXPECT_EQ(margin.ns(), 1'250 * microsecond);
}

}  // namespace
}  // namespace tapdeck
