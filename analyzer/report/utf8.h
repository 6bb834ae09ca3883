// UTF-8 in bytes of unknown origin: one character at a time, never past the end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tapdeck {

struct Utf8Character {
  char32_t code = 0;
  std::size_t length = 1;  ///< Octets; 1 for an octet that begins no character.
  bool valid = false;
};

/// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF. Requires: !text.empty().
[[nodiscard]] Utf8Character first_utf8_character(std::string_view text);

/// The same text with U+FFFD for each octet that belongs to no character.
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// Columns on a terminal, never fewer than it takes: wide characters count two.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace tapdeck
