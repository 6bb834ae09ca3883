// Time between two time stamps of a capture. Files may hold any 64-bit times, so the difference may
// need a bit more: it stops at the ends of the range instead of running over.
#pragma once

#include <cstdint>
#include <limits>

namespace tapdeck {

/// Nanoseconds from `earlier` to `later`; negative if they are the other way round.
[[nodiscard]] constexpr std::int64_t elapsed_ns(std::int64_t earlier, std::int64_t later) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(later, earlier, &difference)) return difference;
  return later < earlier ? std::numeric_limits<std::int64_t>::min()
                         : std::numeric_limits<std::int64_t>::max();
}

/// A time stamp this long after another one, or the end of the range.
[[nodiscard]] constexpr std::int64_t added_ns(std::int64_t time, std::int64_t duration) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(time, duration, &sum)) return sum;
  return duration < 0 ? std::numeric_limits<std::int64_t>::min()
                      : std::numeric_limits<std::int64_t>::max();
}

/// As elapsed_ns, but never more than a day either way: small enough to be multiplied and added up.
[[nodiscard]] constexpr std::int64_t wait_ns(std::int64_t earlier, std::int64_t later) {
  constexpr std::int64_t day = 86'400'000'000'000;
  const std::int64_t elapsed = elapsed_ns(earlier, later);
  return elapsed > day ? day : elapsed < -day ? -day : elapsed;
}

/// How much of one time another takes, never said to be more than it is; 0 of none.
[[nodiscard]] constexpr std::int64_t percent_of(std::int64_t part_ns, std::int64_t whole_ns) {
  return whole_ns <= 0 ? 0 : part_ns / (whole_ns / 100 + 1);
}

}  // namespace tapdeck
