// Strings of JSON from bytes of unknown origin.
#pragma once

#include <string>
#include <string_view>

namespace tapdeck {

/// With its quotes. All but ASCII is escaped, so it is safe on any terminal; octets that are not
/// UTF-8 become U+FFFD.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace tapdeck
