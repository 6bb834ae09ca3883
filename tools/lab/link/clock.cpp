#include "tools/lab/link/clock.h"

#include <ctime>

namespace tapdeck {
namespace {

std::int64_t read_clock(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return time.tv_sec * nanoseconds_per_second + time.tv_nsec;
}

}  // namespace

std::int64_t now_ns() {
  static const std::int64_t offset = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_MONOTONIC);
  return offset + read_clock(CLOCK_MONOTONIC);
}

}  // namespace tapdeck
