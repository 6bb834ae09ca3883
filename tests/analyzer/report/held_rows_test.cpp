#include "analyzer/report/held_rows.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

class HeldRowsTest : public ::testing::Test {
 protected:
  /// "FRAME:WORD;", the word where the verdict has one.
  void row(std::uint64_t frame, bool verdict_follows) {
    rows.open_row(frame);
    rows.write(std::to_string(frame) + ":");
    rows.put_verdict([](const Verdict* verdict) {
      return verdict == nullptr ? "none" : std::string(words_of(*verdict).at(0));
    });
    rows.write(";");
    rows.close_row(verdict_follows);
  }

  void settle(std::uint64_t frame, Origin origin) {
    Verdict verdict;
    verdict.origin = origin;
    rows.settle({frame, 1, verdict});
  }

  StringSink sink;
  HeldRows rows{sink, {.rows = 3, .octets = 16}};
};

TEST_F(HeldRowsTest, LetsOutAtOnceWhatNothingWaitsFor) {
  row(1, false);
  EXPECT_EQ(sink.text(), "1:none;");
}

TEST_F(HeldRowsTest, HoldsBackWhatStandsBehindOneThatWaits) {
  row(1, true);
  row(2, false);
  EXPECT_EQ(sink.text(), "");
  settle(1, Origin::duplicate);
  EXPECT_EQ(sink.text(), "1:duplicate;2:none;");
}

TEST_F(HeldRowsTest, KeepsTheOrderOfFramesWhateverThatOfVerdicts) {
  row(3, true);
  row(7, true);
  settle(7, Origin::retransmission);
  EXPECT_EQ(sink.text(), "");
  settle(3, Origin::out_of_order);
  EXPECT_EQ(sink.text(), "3:out_of_order;7:retransmission;");
}

TEST_F(HeldRowsTest, IgnoresVerdictsOnRowsThatAreNotHere) {
  row(3, true);
  settle(2, Origin::duplicate);
  settle(4, Origin::duplicate);
  EXPECT_EQ(sink.text(), "");
  rows.release();
  EXPECT_EQ(sink.text(), "3:none;");
}

TEST_F(HeldRowsTest, CountsRowsThatHadToGoEarly) {
  for (std::uint64_t frame = 1; frame <= 4; ++frame) row(frame, true);
  EXPECT_EQ(sink.text(), "1:none;");
  EXPECT_EQ(rows.released_early(), 1U);
  settle(1, Origin::duplicate);
  rows.release();
  EXPECT_EQ(sink.text(), "1:none;2:none;3:none;4:none;");
  EXPECT_EQ(rows.released_early(), 1U);
}

TEST_F(HeldRowsTest, BoundsOctetsToo) {
  rows.open_row(1);
  rows.write("some thirty octets of one long row");
  rows.close_row(true);
  EXPECT_EQ(rows.released_early(), 1U);
}

TEST_F(HeldRowsTest, PassesOnWhatStandsBetweenRows) {
  rows.write("[");
  row(1, true);
  rows.release();
  rows.write("]");
  EXPECT_EQ(sink.text(), "[1:none;]");
}

}  // namespace
}  // namespace tapdeck
