// A positive decimal number, exactly as it was written: "0.5" frames a second, 2.25 times as fast.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tapdeck {

/// Nobody waits longer: of lengths of time the longest that means something.
inline constexpr std::int64_t century_ns = std::int64_t{36'525} * 86'400 * 1'000'000'000;

struct Rate {
  std::uint64_t numerator = 1;    // at most 10^18
  std::uint64_t denominator = 1;  // a power of ten, at most 10^9

  [[nodiscard]] double value() const {
    return static_cast<double>(numerator) / static_cast<double>(denominator);
  }
};

/// Up to 18 digits, nine of them behind the point. Failure(usage) for anything else, and for zero.
[[nodiscard]] Rate parse_rate(std::string_view option, const std::string& text);

/// As it was written, without needless zeros: "0.000000001".
[[nodiscard]] std::string to_string(const Rate& rate);

/// A length of time in nanoseconds: a number as above, zero too, with ns, us, ms, s, m, h or d
/// behind it (without: seconds), a century at most. Failure(usage) for anything else.
[[nodiscard]] std::int64_t parse_duration(std::string_view option, const std::string& text);

}  // namespace tapdeck
