// What a receiver without SACK holds, counted by its duplicate ACKs.
#include "analyzer/tcp/held_above.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

constexpr SeqNum una{1000};

void hear(HeldAbove& held, SeqNum ack, int times) {
  for (int i = 0; i < times; ++i) held.on_duplicate_ack(ack);
}

TEST(HeldAbove, HolesThatExplainWhatIsMissingLeaveTheOtherRepeatsNeedless) {
  HeldAbove held;
  hear(held, una, 3);  // of five that stand, the first and another were lost
  held.on_timeout(una, 5);
  hear(held, una, 4);  // of what is sent again: they say nothing
  held.on_advance(una, una + 2000, 2);
  held.on_advance(una + 2000, una + 5000, 3);
  EXPECT_TRUE(held.on_all_acknowledged());
}

TEST(HeldAbove, MostOfWhatIsNoHoleMayHaveBeenHeld) {
  for (const int duplicate_acks : {1, 2, 3}) {  // of five that stand, two are holes
    HeldAbove held;
    hear(held, una, duplicate_acks);
    held.on_timeout(una, 5);
    held.on_advance(una, una + 2000, 2);
    held.on_advance(una + 2000, una + 5000, 3);
    EXPECT_EQ(held.on_all_acknowledged(), duplicate_acks > 1) << duplicate_acks;
  }
}

TEST(HeldAbove, AnAdvanceEatsTheDuplicateAcksOfWhatItJumpsOver) {
  HeldAbove held;
  hear(held, una, 3);
  held.on_advance(una, una + 3000, 3);
  EXPECT_TRUE(held.any_above(una + 3000));
  held.on_advance(una + 3000, una + 5000, 2);
  EXPECT_FALSE(held.any_above(una + 5000));
}

TEST(HeldAbove, AnAdvanceThatWasNotCountedMakesItForget) {
  HeldAbove held;
  hear(held, una, 3);
  EXPECT_FALSE(held.any_above(una + 1000));
  hear(held, una + 1000, 1);
  held.on_timeout(una + 1000, 2);
  held.on_advance(una + 1000, una + 3000, 2);
  EXPECT_TRUE(held.on_all_acknowledged());
}

TEST(HeldAbove, WithoutATimeoutNothingWasFound) {
  HeldAbove held;
  EXPECT_FALSE(held.on_all_acknowledged());
  hear(held, una, 2);
  held.on_advance(una, una + 3000, 3);
  EXPECT_FALSE(held.on_all_acknowledged());
}

}  // namespace
}  // namespace tapdeck
