// What one of the system's clocks says.
#pragma once

#include <cstdint>
#include <ctime>

namespace tapdeck {

/// CLOCK_MONOTONIC, CLOCK_REALTIME …, in nanoseconds.
[[nodiscard]] inline std::int64_t clock_time_ns(clockid_t clock) {
  constexpr std::int64_t second_ns = 1'000'000'000;
  timespec time{};
  ::clock_gettime(clock, &time);
  return time.tv_sec * second_ns + time.tv_nsec;
}

}  // namespace tapdeck
