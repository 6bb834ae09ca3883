#include "analyzer/report/printable.h"

#include <string>

#include <gtest/gtest.h>

#include "analyzer/report/utf8.h"

namespace tapdeck {
namespace {

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(printable("eth0 \\ ~ naïve 漢字 🦈 €"), "eth0 \\ ~ naïve 漢字 🦈 €");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, ShowsControlCharacters) {
  EXPECT_EQ(printable("\x1b[2J\a\r\n\t\x7f"), "\\x1b[2J\\x07\\x0d\\x0a\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Printable, ShowsC1ControlsWhetherEncodedOrBare) {
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "\\xc2\\x9b2J");
  EXPECT_EQ(printable("\x9b"
                      "2J"),
            "\\x9b2J");
}

TEST(Printable, ShowsWhatReordersOrHidesText) {
  EXPECT_EQ(printable("\u202eevil\u2066\u200b\ufeff\u2028"),
            "\\xe2\\x80\\xaeevil\\xe2\\x81\\xa6\\xe2\\x80\\x8b\\xef\\xbb\\xbf\\xe2\\x80\\xa8");
  EXPECT_EQ(printable("\U000e0041"), "\\xf3\\xa0\\x81\\x81");
}

TEST(Printable, ShowsInvalidUtf8) {
  EXPECT_EQ(printable("\xff\xc0\xaf"), "\\xff\\xc0\\xaf");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(printable("a\xe6\xbc"), "a\\xe6\\xbc");
}

TEST(Printable, WritesOnlyAsciiWhereAsked) {
  EXPECT_EQ(printable("л", CharacterSet::ascii), "\\xd0\\xbb");
}

TEST(Printable, LeavesNoControlInAnyPairOfOctets) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const std::string shown = printable(text);
      EXPECT_EQ(printable(shown), shown);
      EXPECT_EQ(valid_utf8(shown), shown);
      for (const char c : printable(text, CharacterSet::ascii)) {
        EXPECT_TRUE(c >= 0x20 && c <= 0x7e);
      }
    }
  }
}

TEST(Utf8, ReplacesEachInvalidOctet) {
  EXPECT_EQ(valid_utf8("a\xff\xed\xa0\x80z"), "a\ufffd\ufffd\ufffd\ufffdz");
  EXPECT_EQ(valid_utf8("漢\x1b"), "漢\x1b");
}

TEST(Utf8, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("→ é"), 3U);
  EXPECT_EQ(display_width("漢字"), 4U);
}

}  // namespace
}  // namespace tapdeck
