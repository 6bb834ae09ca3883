// A positive decimal number, exactly as it was written: "0.5" frames a second, 2.25 times as fast.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tapdeck {

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

}  // namespace tapdeck
