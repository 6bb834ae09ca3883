#include "tools/tapdeck/terminal/screen.h"

#include <algorithm>

#include "analyzer/report/printable.h"
#include "analyzer/report/utf8.h"

namespace tapdeck {
namespace {

constexpr char32_t ellipsis = U'…';

/// Arrows and box drawing, which every terminal draws one column wide.
constexpr bool is_our_own(char32_t code) {
  return code == ellipsis || (code >= 0x2190 && code <= 0x2193) ||
         (code >= 0x2500 && code <= 0x257f);
}

}  // namespace

std::u32string harmless_characters(std::string_view text, bool unicode) {
  std::u32string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = first_utf8_character(text);
    const std::string_view octets = text.substr(0, character.length);
    text.remove_prefix(character.length);
    if (unicode && character.valid && is_our_own(character.code)) {
      result += character.code;
      continue;
    }
    for (const char c : printable(octets, CharacterSet::ascii)) {
      result += static_cast<unsigned char>(c);
    }
  }
  return result;
}

Screen::Screen(ScreenSize size, bool unicode)
    : x_size(size), x_unicode(unicode), x_cells(size.columns * size.lines) {}

void Screen::put(const ScreenField& field, std::string_view text, Look look) {
  std::u32string characters = harmless_characters(text, x_unicode);
  if (characters.size() > field.width) {
    const std::u32string mark = x_unicode ? std::u32string(1, ellipsis) : U"..";
    characters.resize(field.width);
    if (field.width > mark.size()) {
      characters.replace(characters.size() - mark.size(), mark.size(), mark);
    }
  }
  const std::size_t free = field.width - characters.size();
  characters.insert(field.right ? 0 : characters.size(), free, U' ');
  write(field, characters, look);
}

void Screen::put_line(std::size_t line, std::string_view text, Look look) {
  put({.line = line, .width = x_size.columns}, text, look);
}

void Screen::put_part(std::size_t line, std::string_view text, std::size_t first, Look look) {
  std::u32string characters = harmless_characters(text, x_unicode);
  characters.erase(0, std::min(first, characters.size()));
  characters.resize(x_size.columns, U' ');
  write({.line = line, .width = x_size.columns}, characters, look);
}

void Screen::write(const ScreenField& field, std::u32string_view characters, Look look) {
  if (field.line >= x_size.lines) return;
  const std::size_t end = std::min(field.column + characters.size(), x_size.columns);
  for (std::size_t column = field.column; column < end; ++column) {
    x_cells[field.line * x_size.columns + column] = {characters[column - field.column], look};
  }
}

std::u32string Screen::text_of(std::size_t line) const {
  std::u32string text;
  for (std::size_t column = 0; column < x_size.columns; ++column) {
    text += at(line, column).character;
  }
  text.resize(text.find_last_not_of(U' ') + 1);
  return text;
}

}  // namespace tapdeck
