// The one way for bytes from packets and files to a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tapdeck {

enum class CharacterSet : std::uint8_t { ascii, utf8 };

/// The text with \xNN for each octet of what a terminal would obey or hide: control characters (C1
/// and line ends among them), bidirectional controls, invisible format characters, invalid UTF-8.
/// `ascii` writes every other character outside ASCII so too: to a terminal with another character
/// set, octets of harmless UTF-8 are control characters.
[[nodiscard]] std::string printable(std::string_view text,
                                    CharacterSet character_set = CharacterSet::utf8);

}  // namespace tapdeck
