// Lengths of time as users write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tapdeck {

/// Nobody waits longer: of lengths of time the longest that means something.
inline constexpr std::int64_t century_ns = std::int64_t{36'525} * 86'400 * 1'000'000'000;

/// In nanoseconds: "1m30s", "12.5s", numbers with ns, us, ms, s, m, h or d behind each; a number
/// alone is seconds. Empty for anything else.
[[nodiscard]] std::optional<std::int64_t> read_duration(std::string_view text);

/// The same of an option, a century at most. Failure(usage) for anything else.
[[nodiscard]] std::int64_t parse_duration(std::string_view option, const std::string& text);

}  // namespace tapdeck
