#include "tools/duration.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/tapdeck/wording.h"
#include "tools/text_scanner.h"

namespace tapdeck {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

/// Longer names first.
constexpr std::array units{
    Unit{"ms", second_ns / 1000}, Unit{"us", 1000},          Unit{"ns", 1},
    Unit{"s", second_ns},         Unit{"m", 60 * second_ns}, Unit{"h", 3600 * second_ns},
    Unit{"d", 86400 * second_ns}};

}  // namespace

std::optional<std::int64_t> read_duration(std::string_view text) {
  TextScanner alone(text);
  if (const auto seconds = alone.decimal(second_ns); seconds && alone.is_over()) return seconds;
  TextScanner words(text);
  std::int64_t sum = 0;
  do {
    // The unit stands behind the number: look for it first.
    TextScanner ahead = words;
    if (!ahead.decimal(1)) return std::nullopt;
    const auto unit =
        std::ranges::find_if(units, [&](const Unit& one) { return ahead.take(one.name); });
    if (unit == units.end()) return std::nullopt;
    const auto part = words.decimal(unit->ns);
    if (!part || __builtin_add_overflow(sum, *part, &sum)) return std::nullopt;
    words = ahead;
  } while (!words.is_over());
  return sum;
}

std::int64_t parse_duration(std::string_view option, const std::string& text) {
  const std::optional<std::int64_t> duration = read_duration(text);
  if (duration && *duration <= century_ns) return *duration;
  throw Failure(
      ExitCode::usage,
      fmt::format("--{}: '{}' is no length of time as in 2, 0.5s, 20ms, 1m30s,\n1h, 7d: a century "
                  "(36525d) at most",
                  option, shown(text)));
}

}  // namespace tapdeck
