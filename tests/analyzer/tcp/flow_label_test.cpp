#include "analyzer/tcp/flow_label.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

using Age = FlowLabel::Age;

TEST(FlowLabelAge, IsToldOnlyOfWhoWasSeenToKeepALabel) {
  FlowLabel label;
  EXPECT_EQ(label.age_of(7), Age::unknown);
  label.on_sent(7, 10, false);
  EXPECT_EQ(label.age_of(7), Age::current);
  EXPECT_EQ(label.age_of(8), Age::unknown);
  label.on_sent(7, 20, false);
  EXPECT_EQ(label.age_of(8), Age::renewed);
}

TEST(FlowLabelAge, FollowsEachRenewal) {
  FlowLabel label;
  label.on_sent(7, 10, false);
  label.on_sent(7, 20, false);
  label.on_sent(8, 30, false);
  EXPECT_EQ(label.age_of(7), Age::former);
  EXPECT_EQ(label.age_of(8), Age::current);
  EXPECT_EQ(label.age_of(9), Age::renewed);
  EXPECT_EQ(label.since_ns(), 30);
  label.on_sent(9, 40, false);
  EXPECT_EQ(label.age_of(8), Age::former);
  EXPECT_EQ(label.since_ns(), 40);
}

TEST(FlowLabelAge, IsNotMovedByWhatComesLate) {
  FlowLabel label;
  label.on_sent(7, 10, false);
  label.on_sent(7, 20, false);
  label.on_sent(8, 30, false);
  label.on_sent(7, 40, false);
  EXPECT_EQ(label.current(), 8U);
  EXPECT_EQ(label.since_ns(), 30);
}

TEST(FlowLabelAge, IsNotToldOfWhoOnlyRepeatsASyn) {
  FlowLabel label;
  label.on_sent(7, 10, true);
  label.on_sent(7, 20, true);
  EXPECT_EQ(label.age_of(8), Age::unknown);
  label.on_sent(7, 30, false);
  EXPECT_EQ(label.age_of(8), Age::renewed);
}

TEST(FlowLabelAge, KnowsWhatWasSentBeforeSeveralTimers) {
  FlowLabel label;
  for (const std::uint32_t each : {6U, 7U, 7U, 8U, 9U}) label.on_sent(each, 10, false);
  EXPECT_EQ(label.age_of(7), Age::former);
  label.on_sent(7, 20, false);
  EXPECT_EQ(label.current(), 9U);
}

TEST(FlowLabelAge, TakesAFormerLabelBackThatGoesOnComing) {
  FlowLabel label;
  for (const std::uint32_t each : {7U, 7U, 8U}) label.on_sent(each, 10, false);
  for (int i = 0; i < 64; ++i) label.on_sent(7, 20, false);
  EXPECT_EQ(label.age_of(7), Age::current);
  EXPECT_EQ(label.age_of(8), Age::former);
}

TEST(FlowLabelAge, TakesZeroForNoLabel) {
  FlowLabel label;
  label.on_sent(0, 10, false);
  label.on_sent(0, 20, false);
  label.on_sent(7, 30, false);
  EXPECT_EQ(label.age_of(0), Age::unknown);
  EXPECT_EQ(label.age_of(8), Age::unknown);
  label.on_sent(0, 40, false);
  EXPECT_EQ(label.current(), 7U);
}

}  // namespace
}  // namespace tapdeck
