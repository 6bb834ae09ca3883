#include "tools/tapdeck/terminal/screen.h"

#include "tests/tools/terminal/sample_table.h"

namespace tapdeck {
namespace {

using test::lines_of;
using test::utf8_of;

std::string harmless(std::string_view text, bool unicode = true) {
  return utf8_of(harmless_characters(text, unicode));
}

TEST(HarmlessCharacters, LeavesNothingThatATerminalWouldObeyOrHide) {
  EXPECT_EQ(harmless("\x1b[2J\a\n\x7f"), "\\x1b[2J\\x07\\x0a\\x7f");
  EXPECT_EQ(harmless("\xc2\x9b"
                     "31m"),
            "\\xc2\\x9b31m");                       // CSI of C1
  EXPECT_EQ(harmless("e\xcc\x81"), "e\\xcc\\x81");  // a combining accent
  EXPECT_EQ(harmless("\xd7\x90"), "\\xd7\\x90");    // right to left
  EXPECT_EQ(harmless("\xe2\x80\xae"), "\\xe2\\x80\\xae");
  EXPECT_EQ(harmless("\xe6\xbc\xa2"), "\\xe6\\xbc\\xa2");  // two columns wide
  EXPECT_EQ(harmless("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(harmless(std::string_view("\0", 1)), "\\x00");
}

TEST(HarmlessCharacters, KeepsWhatIsDrawnWithWhereTheTerminalHasIt) {
  EXPECT_EQ(harmless("→│┊─…"), "→│┊─…");
  EXPECT_EQ(harmless("→", false), "\\xe2\\x86\\x92");
}

TEST(Screen, CutsWithAMark) {
  Screen screen({.columns = 10, .lines = 2}, true);
  screen.put({.line = 0, .width = 5}, "abcdefgh");
  screen.put({.line = 1, .column = 6, .width = 9, .right = true}, "xy");
  EXPECT_EQ(lines_of(screen), (std::vector<std::string>{"abcd…", ""}));
  Screen plain({.columns = 10, .lines = 1}, false);
  plain.put({.line = 0, .width = 5}, "abcdefgh");
  EXPECT_EQ(lines_of(plain).front(), "abc..");
}

TEST(Screen, DrawsNothingOutsideItself) {
  Screen screen({.columns = 4, .lines = 1}, true);
  screen.put({.line = 3, .width = 4}, "lost");
  screen.put({.line = 0, .column = 2, .width = 10}, "abcdef");
  EXPECT_EQ(lines_of(screen).front(), "  ab");
  screen.put_part(0, "0123456789", 7);
  EXPECT_EQ(lines_of(screen).front(), "789");
  screen.put_part(0, "0123", 20);
  EXPECT_EQ(lines_of(screen).front(), "");
  Screen none({.columns = 0, .lines = 0}, true);
  none.put_line(0, "nowhere");
}

}  // namespace
}  // namespace tapdeck
