#include "tools/tapdeck/wording.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("analyze", "analyze"), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("analize", "analyze"), 1U);
  EXPECT_EQ(edit_distance("anlayze", "analyze"), 1U);
  EXPECT_EQ(edit_distance("analyzes", "analyze"), 1U);
}

TEST(NearNames, AreTheNearestFirst) {
  const std::vector<std::string> names{"packets", "analyze", "check", "pockets"};
  EXPECT_EQ(near_names("packet", names), (std::vector<std::string>{"packets", "pockets"}));
  EXPECT_TRUE(near_names("xyzzy", names).empty());
}

TEST(NearNames, AreThoseThatHoldTheName) {
  EXPECT_EQ(near_names("port", {"source_port", "frame"}),
            (std::vector<std::string>{"source_port"}));
}

TEST(DidYouMean, MakesASentence) {
  EXPECT_EQ(did_you_mean("packet", {"packets", "pockets"}),
            "; did you mean 'packets' or 'pockets'?");
  EXPECT_EQ(did_you_mean("xyzzy", {"packets"}), "");
}

TEST(Shown, EscapesWhatATerminalObeys) {
  EXPECT_EQ(shown("a\x1b[31m").find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace tapdeck
