// Counts and sizes for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tapdeck {

/// "1,234,567".
[[nodiscard]] std::string count_text(std::uint64_t count);

/// "1 packet", "1,234 packets".
[[nodiscard]] std::string count_of(std::uint64_t count, std::string_view singular,
                                   std::string_view plural);

/// The same with an s for the plural.
[[nodiscard]] std::string count_of(std::uint64_t count, std::string_view singular);

/// Three digits and a decimal unit, cut off and not rounded: "999 B", "1.23 kB", "18.4 EB". At most
/// 7 characters.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

/// At most 6 characters: "123456", "1.23 M".
[[nodiscard]] std::string short_count_text(std::uint64_t count);

}  // namespace tapdeck
