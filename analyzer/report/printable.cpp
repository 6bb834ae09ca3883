#include "analyzer/report/printable.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyzer/report/utf8.h"

namespace tapdeck {
namespace {

struct CodeRange {
  char32_t first, last;
};

/// Unicode's categories Cc, Zl, Zp and what of Cf and Default_Ignorable_Code_Point reorders or
/// hides text, noncharacters included. Sorted.
constexpr std::array unprintable{
    CodeRange{0x0000, 0x001f},     // C0
    CodeRange{0x007f, 0x009f},     // DEL, C1
    CodeRange{0x00ad, 0x00ad},     // soft hyphen
    CodeRange{0x034f, 0x034f},     // combining grapheme joiner
    CodeRange{0x061c, 0x061c},     // Arabic letter mark
    CodeRange{0x115f, 0x1160},     // Hangul fillers
    CodeRange{0x17b4, 0x17b5},     // Khmer inherent vowels
    CodeRange{0x180b, 0x180f},     // Mongolian selectors
    CodeRange{0x200b, 0x200f},     // zero width, left-to-right and right-to-left marks
    CodeRange{0x2028, 0x202e},     // line and paragraph separators, embeddings, overrides
    CodeRange{0x2060, 0x206f},     // invisible operators, isolates
    CodeRange{0x3164, 0x3164},     // Hangul filler
    CodeRange{0xfdd0, 0xfdef},     // noncharacters
    CodeRange{0xfe00, 0xfe0f},     // variation selectors
    CodeRange{0xfeff, 0xfeff},     // byte order mark
    CodeRange{0xffa0, 0xffa0},     // halfwidth Hangul filler
    CodeRange{0xfff0, 0xfffb},     // interlinear annotations
    CodeRange{0xfffe, 0xffff},     // noncharacters
    CodeRange{0x1bca0, 0x1bca3},   // shorthand format controls
    CodeRange{0x1d173, 0x1d17a},   // musical format controls
    CodeRange{0xe0000, 0x10ffff},  // tags, selectors, private use
};

bool is_printable(const Utf8Character& character, CharacterSet character_set) {
  if (!character.valid) return false;
  if (character_set == CharacterSet::ascii && character.code > 0x7e) return false;
  const auto range = std::ranges::lower_bound(unprintable, character.code, {}, &CodeRange::last);
  return range == unprintable.end() || character.code < range->first;
}

}  // namespace

std::string printable(std::string_view text, CharacterSet character_set) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = first_utf8_character(text);
    const std::string_view octets = text.substr(0, character.length);
    if (is_printable(character, character_set)) {
      result += octets;
    } else {
      for (const char c : octets) result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(character.length);
  }
  return result;
}

}  // namespace tapdeck
