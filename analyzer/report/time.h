// Times and durations as text, the same everywhere: no locale, no time zone but UTC.
#pragma once

#include <cstdint>
#include <string>

namespace tapdeck {

/// RFC 3339 in UTC of nanoseconds since the epoch, with this many decimals of a second (at most 9),
/// cut off and not rounded: "2024-02-29T23:59:59.123456Z".
[[nodiscard]] std::string rfc3339(std::int64_t time_ns, unsigned digits);

/// later - earlier for people, four digits or two units: "1.024 s", "20.13 ms", "2 h 3 min".
[[nodiscard]] std::string duration_between(std::int64_t earlier_ns, std::int64_t later_ns);

/// The same of a length of time in nanoseconds.
[[nodiscard]] std::string duration_text(std::int64_t duration_ns);

}  // namespace tapdeck
