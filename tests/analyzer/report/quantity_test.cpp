#include "analyzer/report/quantity.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

TEST(Quantity, SeparatesThousands) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1'000), "1,000");
  EXPECT_EQ(count_text(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(Quantity, AgreesInNumber) {
  EXPECT_EQ(count_of(0, "packet"), "0 packets");
  EXPECT_EQ(count_of(1, "packet"), "1 packet");
  EXPECT_EQ(count_of(2'000, "entry", "entries"), "2,000 entries");
}

TEST(Quantity, ScalesBytes) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(1'000), "1.00 kB");
  EXPECT_EQ(bytes_text(12'399), "12.3 kB");
  EXPECT_EQ(bytes_text(999'999), "999 kB");
  EXPECT_EQ(bytes_text(1'000'000), "1.00 MB");
  EXPECT_EQ(bytes_text(UINT64_MAX), "18.4 EB");
}

TEST(Quantity, ShortensOnlyLargeCounts) {
  EXPECT_EQ(short_count_text(999'999), "999999");
  EXPECT_EQ(short_count_text(1'234'567), "1.23 M");
  EXPECT_EQ(short_count_text(UINT64_MAX), "18.4 E");
}

}  // namespace
}  // namespace tapdeck
