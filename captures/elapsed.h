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

}  // namespace tapdeck
