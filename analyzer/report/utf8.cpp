#include "analyzer/report/utf8.h"

#include <array>
#include <cstdint>

namespace tapdeck {
namespace {

struct Form {
  std::uint8_t lead_mask, lead;
  std::size_t length;
  char32_t smallest;
};

constexpr std::array forms{
    Form{0x80, 0x00, 1, 0x0},
    Form{0xe0, 0xc0, 2, 0x80},
    Form{0xf0, 0xe0, 3, 0x800},
    Form{0xf8, 0xf0, 4, 0x10000},
};

constexpr std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }

constexpr bool is_scalar_value(char32_t code) {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

Utf8Character read_as(const Form& form, std::string_view text) {
  char32_t code = octet(text[0]) & static_cast<std::uint8_t>(~form.lead_mask);
  for (std::size_t i = 1; i < form.length; ++i) {
    if (i == text.size() || (octet(text[i]) & 0xc0) != 0x80) return {};
    code = code << 6 | (octet(text[i]) & 0x3fU);
  }
  if (code < form.smallest || !is_scalar_value(code)) return {};
  return {.code = code, .length = form.length, .valid = true};
}

/// East Asian wide characters lie beyond Hangul Jamo; arrows, box drawing and punctuation don't
/// count as such.
constexpr bool is_wide(char32_t code) { return code >= 0x1100 && (code < 0x2000 || code > 0x2e7f); }

}  // namespace

Utf8Character first_utf8_character(std::string_view text) {
  for (const Form& form : forms) {
    if ((octet(text[0]) & form.lead_mask) == form.lead) return read_as(form, text);
  }
  return {};
}

std::string valid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = first_utf8_character(text);
    result += character.valid ? text.substr(0, character.length) : "\xef\xbf\xbd";
    text.remove_prefix(character.length);
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Utf8Character character = first_utf8_character(text);
    width += is_wide(character.code) ? 2 : 1;
    text.remove_prefix(character.length);
  }
  return width;
}

}  // namespace tapdeck
