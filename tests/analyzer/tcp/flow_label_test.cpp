#include "analyzer/tcp/flow_label.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

using Age = FlowLabel::Age;

TEST(FlowLabelAge, IsToldOnlyOfWhoWasSeenToKeepALabel) {
  FlowLabel label;
  EXPECT_EQ(label.age_of(7), Age::unknown);
  label.on_sent(7, 10);
  EXPECT_EQ(label.age_of(7), Age::current);
  EXPECT_EQ(label.age_of(8), Age::unknown);
  label.on_sent(7, 20);
  EXPECT_EQ(label.age_of(8), Age::renewed);
}

TEST(FlowLabelAge, FollowsEachRenewal) {
  FlowLabel label;
  label.on_sent(7, 10);
  label.on_sent(7, 20);
  label.on_sent(8, 30);
  EXPECT_EQ(label.age_of(7), Age::former);
  EXPECT_EQ(label.age_of(8), Age::current);
  EXPECT_EQ(label.age_of(9), Age::renewed);
  EXPECT_EQ(label.since_ns(), 30);
  label.on_sent(9, 40);
  EXPECT_EQ(label.age_of(8), Age::former);
  EXPECT_EQ(label.since_ns(), 40);
}

TEST(FlowLabelAge, IsNotMovedByWhatComesLate) {
  FlowLabel label;
  label.on_sent(7, 10);
  label.on_sent(7, 20);
  label.on_sent(8, 30);
  label.on_sent(7, 40);
  EXPECT_EQ(label.current(), 8U);
  EXPECT_EQ(label.since_ns(), 30);
}

TEST(FlowLabelAge, TakesZeroForNoLabel) {
  FlowLabel label;
  label.on_sent(0, 10);
  label.on_sent(0, 20);
  label.on_sent(7, 30);
  EXPECT_EQ(label.age_of(0), Age::unknown);
  EXPECT_EQ(label.age_of(8), Age::unknown);
  label.on_sent(0, 40);
  EXPECT_EQ(label.current(), 7U);
}

}  // namespace
}  // namespace tapdeck
