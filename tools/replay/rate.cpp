#include "tools/replay/rate.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

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
        fmt::format("--{}: '{}' is no number above 0 as in 2, 0.5, 1000000", option, shown(text)));
  }
  return *rate;
}

std::int64_t parse_duration(std::string_view option, const std::string& text) {
  const auto unit =
      std::ranges::find_if(units, [&](const Unit& one) { return text.ends_with(one.name); });
  const std::size_t unit_letters = unit == units.end() ? 0 : unit->name.size();
  const std::uint64_t scale = unit == units.end() ? 1'000'000'000 : unit->nanoseconds;
  const std::optional<Rate> number =
      read_decimal(std::string_view(text).substr(0, text.size() - unit_letters));
  const double duration = number ? number->value() * static_cast<double>(scale) : 0;
  constexpr auto most = static_cast<double>(std::numeric_limits<std::int64_t>::max() / 2);
  if (!number || duration > most) {
    throw Failure(ExitCode::usage, fmt::format("--{}: '{}' is no length of time as in 2, 0.5s, "
                                               "20ms, 5m",
                                               option, shown(text)));
  }
  return static_cast<std::int64_t>(duration);
}

}  // namespace tapdeck
