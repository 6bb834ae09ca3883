#include "tools/replay/rate.h"

#include <optional>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr int most_digits = 18;
constexpr std::uint64_t largest_numerator = 1'000'000'000'000'000'000;
constexpr std::uint64_t largest_denominator = 1'000'000'000;

/// Digits, or digits around a point.
std::optional<Rate> read_decimal(std::string_view text) {
  Rate rate{.numerator = 0};
  bool behind_point = false;
  bool any_digit = false;
  for (const char letter : text) {
    if (letter == '.' && !behind_point) {
      behind_point = true;
      continue;
    }
    if (letter < '0' || letter > '9' || rate.numerator >= largest_numerator / 10) {
      return std::nullopt;
    }
    any_digit = true;
    rate.numerator = 10 * rate.numerator + static_cast<std::uint64_t>(letter - '0');
    if (!behind_point) continue;
    if (rate.denominator == largest_denominator) return std::nullopt;
    rate.denominator *= 10;
  }
  return any_digit ? std::optional(rate) : std::nullopt;
}

}  // namespace

Rate parse_rate(std::string_view option, const std::string& text) {
  const std::optional<Rate> rate = read_decimal(text);
  if (!rate || rate->numerator == 0) {
    throw Failure(
        ExitCode::usage,
        fmt::format("--{}: '{}' is no number above 0 as in 2, 0.5, 1000000:\ndigits, up to nine "
                    "of them behind a point, {} in all",
                    option, shown(text), most_digits));
  }
  return *rate;
}

std::string to_string(const Rate& rate) {
  std::string text = fmt::format("{}", rate.numerator / rate.denominator);
  std::uint64_t rest = rate.numerator % rate.denominator;
  if (rest != 0) text += '.';
  for (std::uint64_t place = rate.denominator / 10; rest != 0; place /= 10) {
    text += static_cast<char>('0' + rest / place);
    rest %= place;
  }
  return text;
}

}  // namespace tapdeck
