// What is kept of one direction of a connection.
#include "analyzer/tcp/transfer.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

TEST(EmptySegments, KnowsARowOfOnePlaceAgain) {
  FewEmptySegments seen;
  for (std::uint32_t i = 1; i <= 8; ++i) EXPECT_FALSE(seen.put(i * 4096));
  for (std::uint32_t i = 1; i <= 8; ++i) EXPECT_TRUE(seen.put(i * 4096)) << i;
}

TEST(EmptySegments, TheOldestOfARowGivesWay) {
  FewEmptySegments seen;
  for (std::uint32_t i = 1; i <= 9; ++i) (void)seen.put(i * 4096);
  for (std::uint32_t i = 2; i <= 9; ++i) EXPECT_TRUE(seen.put(i * 4096)) << i;
  EXPECT_FALSE(seen.put(4096));
}

TEST(EmptySegments, KnowsAsManyAsItHolds) {
  ManyEmptySegments seen;
  for (std::uint32_t i = 1; i <= 2048; ++i) EXPECT_FALSE(seen.put(i));
  for (std::uint32_t i = 1; i <= 2048; ++i) EXPECT_TRUE(seen.put(i)) << i;
}

}  // namespace
}  // namespace tapdeck
