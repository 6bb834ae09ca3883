#include "tools/replay/rate.h"

#include <algorithm>
#include <array>
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

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

// Those that end in another one's name before it.
constexpr std::array units{
    Unit{"ns", 1},
    Unit{"us", 1'000},
    Unit{"ms", 1'000'000},
    Unit{"s", 1'000'000'000},
    Unit{"m", 60'000'000'000},
    Unit{"h", 3'600'000'000'000},
    Unit{"d", 86'400'000'000'000},
};

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

std::int64_t parse_duration(std::string_view option, const std::string& text) {
  const auto unit =
      std::ranges::find_if(units, [&](const Unit& one) { return text.ends_with(one.name); });
  const std::size_t unit_letters = unit == units.end() ? 0 : unit->name.size();
  const std::uint64_t scale = unit == units.end() ? 1'000'000'000 : unit->nanoseconds;
  const std::optional<Rate> number =
      read_decimal(std::string_view(text).substr(0, text.size() - unit_letters));
  const double duration = number ? number->value() * static_cast<double>(scale) : 0;
  if (!number || duration > static_cast<double>(century_ns)) {
    throw Failure(
        ExitCode::usage,
        fmt::format("--{}: '{}' is no length of time as in 2, 0.5s, 20ms, 5m,\n1h, 7d: a century "
                    "(36525d) at most",
                    option, shown(text)));
  }
  return static_cast<std::int64_t>(duration);
}

}  // namespace tapdeck
