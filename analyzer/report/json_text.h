// Strings of JSON from bytes of unknown origin.
#pragma once

#include <string>
#include <string_view>

namespace tapdeck {

/// With its quotes. All but ASCII is escaped, so it is safe on any terminal; octets that are not
/// UTF-8 become U+FFFD.
[[nodiscard]] std::string json_string(std::string_view text);

/// True if json_string only puts it between quotes, as nearly always.
[[nodiscard]] inline bool is_plain_json(std::string_view text) {
  bool plain = true;  // Without a branch for each character.
  for (const char c : text) plain &= c >= ' ' && c != '"' && c != '\\' && c != '\x7f';
  return plain;
}

}  // namespace tapdeck
