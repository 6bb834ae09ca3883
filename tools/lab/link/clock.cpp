#include "tools/lab/link/clock.h"

#include "tools/clock_time.h"

namespace tapdeck {

std::int64_t now_ns() {
  static const std::int64_t offset = clock_time_ns(CLOCK_REALTIME) - clock_time_ns(CLOCK_MONOTONIC);
  return offset + clock_time_ns(CLOCK_MONOTONIC);
}

}  // namespace tapdeck
