#include "tools/replay/clock.h"

#include <algorithm>
#include <ctime>

#include <sys/prctl.h>

#include "tools/clock_time.h"

namespace tapdeck {
namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
/// Where the processor must not fall asleep, only what is far away is slept for.
constexpr std::int64_t long_before_ns = 500'000'000;
constexpr std::int64_t longest_wait_ns = 50'000'000;

}  // namespace

std::int64_t WakeMargin::ns() const {
  constexpr std::int64_t least_ns = 100'000;
  return std::max(least_ns, x_late_ns + x_late_ns / 4);
}

void WakeMargin::learn(std::int64_t late_ns) {
  constexpr std::int64_t waits_remembered = 256;
  constexpr std::int64_t most_ns = 1'000'000;  // later than that is an accident
  x_late_ns = std::max(std::min(late_ns, most_ns), x_late_ns - x_late_ns / waits_remembered);
}

SystemClock::SystemClock(Waiting waiting) : x_waiting(waiting) {
  // The system may else put off a wake-up by 50 µs, to let several threads wake at once.
  constexpr unsigned long least_slack_ns = 1;
  ::prctl(PR_SET_TIMERSLACK, least_slack_ns);
}

std::int64_t SystemClock::now() { return clock_time_ns(CLOCK_MONOTONIC); }

std::int64_t SystemClock::wait_until(std::int64_t time_ns) {
  const std::int64_t watched_ns = x_waiting == Waiting::sleeps ? x_margin.ns() : long_before_ns;
  std::int64_t time = now();
  std::int64_t late_ns = 0;
  if (const std::int64_t wake_ns = std::min(time_ns - watched_ns, time + longest_wait_ns);
      wake_ns > time) {
    const timespec wake{.tv_sec = wake_ns / nanoseconds_per_second,
                        .tv_nsec = wake_ns % nanoseconds_per_second};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nullptr);
    time = now();
    if (time < time_ns - watched_ns) return time;
    late_ns = time - wake_ns;
  }
  x_margin.learn(late_ns);
  const std::int64_t end_ns = std::min(time_ns, time + longest_wait_ns);
  while (time < end_ns) time = now();
  return time;
}

}  // namespace tapdeck
