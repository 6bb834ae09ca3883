#include "analyzer/report/json_text.h"

#include <iterator>

#include <fmt/format.h>

#include "analyzer/report/utf8.h"

namespace tapdeck {
namespace {

constexpr char32_t first_astral = 0x10000, high_surrogate = 0xd800, low_surrogate = 0xdc00;

/// RFC 8259 §7.
char letter_for(char32_t code) {
  switch (code) {
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '"':
    case '\\':
      return static_cast<char>(code);
  }
  return '\0';
}

void add_escaped(std::string& text, char32_t code) {
  const auto add_unit = [&](char32_t unit) {
    fmt::format_to(std::back_inserter(text), "\\u{:04X}", static_cast<unsigned>(unit));
  };
  if (const char letter = letter_for(code); letter != '\0') {
    (text += '\\') += letter;
  } else if (code >= first_astral) {
    add_unit(high_surrogate + ((code - first_astral) >> 10U));
    add_unit(low_surrogate + ((code - first_astral) & 0x3ffU));
  } else {
    add_unit(code);
  }
}

}  // namespace

std::string json_string(std::string_view text) {
  constexpr char32_t replacement = 0xfffd;
  std::string result = "\"";
  while (!text.empty()) {
    const auto [code, length, valid] = first_utf8_character(text);
    const std::string_view octets = text.substr(0, length);
    if (valid && is_plain_json(octets)) {
      result += octets;
    } else {
      add_escaped(result, valid ? code : replacement);
    }
    text.remove_prefix(length);
  }
  return result += '"';
}

}  // namespace tapdeck
