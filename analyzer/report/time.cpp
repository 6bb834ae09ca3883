#include "analyzer/report/time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

namespace tapdeck {
namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;

struct Unit {
  std::uint64_t ns;
  std::string_view name;
};

constexpr Unit minute{60'000'000'000, "min"};
constexpr Unit hour{60 * minute.ns, "h"};
constexpr Unit day{24 * hour.ns, "d"};
constexpr Unit second{1'000'000'000, "s"};

/// Whole units only: "2 h 3 min".
std::string two_units(std::uint64_t ns, const Unit& large, const Unit& small) {
  return fmt::format("{} {} {} {}", ns / large.ns, large.name, ns % large.ns / small.ns,
                     small.name);
}

/// Four digits, cut off: 20135 ns of a microsecond each are "20.13 us".
std::string four_digits(std::uint64_t ns, const Unit& unit) {
  const std::uint64_t whole = ns / unit.ns;
  std::string decimals = fmt::format("{:03}", ns % unit.ns / (unit.ns / 1000));
  decimals.resize(whole < 10 ? 3 : whole < 100 ? 2 : 1);
  return fmt::format("{}.{} {}", whole, decimals, unit.name);
}

std::string length_text(std::uint64_t ns) {
  if (ns == 0) return "0 s";
  if (ns < 1'000) return fmt::format("{} ns", ns);
  if (ns < 1'000'000) return four_digits(ns, {1'000, "us"});
  if (ns < second.ns) return four_digits(ns, {1'000'000, "ms"});
  if (ns < minute.ns) return four_digits(ns, second);
  if (ns < hour.ns) return two_units(ns, minute, second);
  return ns < day.ns ? two_units(ns, hour, minute) : two_units(ns, day, hour);
}

}  // namespace

std::string rfc3339(std::int64_t time_ns, unsigned digits) {
  // In seconds, since the start of the earliest day is before the earliest time.
  std::int64_t seconds = time_ns / ns_per_second;
  std::int64_t ns = time_ns % ns_per_second;
  if (ns < 0) {
    --seconds;
    ns += ns_per_second;
  }
  const std::chrono::sys_seconds time{std::chrono::seconds{seconds}};
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{midnight};
  const std::chrono::hh_mm_ss clock{time - midnight};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count(), ns);
  const std::size_t surplus = digits == 0 ? 10 : 9 - std::min(digits, 9U);
  text.resize(text.size() - surplus);
  return text + 'Z';
}

std::string duration_between(std::int64_t earlier_ns, std::int64_t later_ns) {
  // Any two times are less than 2^64 ns apart, so this can't overflow.
  const auto earlier = static_cast<std::uint64_t>(earlier_ns);
  const auto later = static_cast<std::uint64_t>(later_ns);
  return later_ns < earlier_ns ? "-" + length_text(earlier - later) : length_text(later - earlier);
}

std::string duration_text(std::int64_t duration_ns) { return duration_between(0, duration_ns); }

}  // namespace tapdeck
