// What the peer's words say of bytes that the capture never held.
#include "analyzer/tcp/missing_ranges.h"

#include <vector>

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

class Missing : public ::testing::Test {
 protected:
  Missing() {
    x_ranges.append(x_slab, SeqNum{100}, SeqNum{200}, {.frame = 5});
    x_ranges.append(x_slab, SeqNum{300}, SeqNum{400}, {.frame = 7});
  }
  std::vector<MissingRange> all() const {
    std::vector<MissingRange> result;
    x_ranges.for_each(x_slab, [&](const MissingRange& range) { result.push_back(range); });
    return result;
  }

  MissingRangeSlab x_slab;
  MissingRanges x_ranges;
};

TEST_F(Missing, IsLackedBelowWhatAPeerHolds) {
  x_ranges.note_lacking(x_slab, SeqNum{100}, SeqNum{250}, 11);
  x_ranges.note_lacking(x_slab, SeqNum{100}, SeqNum{250}, 12);
  EXPECT_EQ(all()[0].evidence_frame, 11U);
  EXPECT_FALSE(all()[0].opener.delivered);
  EXPECT_EQ(all()[1].evidence_frame, 0U);
}

TEST_F(Missing, IsNotLackedInPart) {
  x_ranges.note_lacking(x_slab, SeqNum{150}, SeqNum{350}, 11);
  EXPECT_EQ(all()[0].evidence_frame, 0U);
  EXPECT_EQ(all()[1].evidence_frame, 0U);
}

TEST_F(Missing, IsDeliveredByTheFrameThatSaysSo) {
  x_ranges.note_lacking(x_slab, SeqNum{100}, SeqNum{400}, 11);
  x_ranges.note_delivered(x_slab, SeqNum{100}, SeqNum{350}, 13, [](const MissingRange&) {});
  const std::vector<MissingRange> ranges = all();
  ASSERT_EQ(ranges.size(), 3U);
  EXPECT_TRUE(ranges[0].opener.delivered && ranges[1].opener.delivered);
  EXPECT_EQ(ranges[0].evidence_frame, 13U);
  EXPECT_EQ(ranges[1].evidence_frame, 13U);
  EXPECT_FALSE(ranges[2].opener.delivered);
  EXPECT_EQ(ranges[2].evidence_frame, 11U);
}

}  // namespace
}  // namespace tapdeck
