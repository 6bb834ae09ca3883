// A sender's clock as its TCP timestamps show it (RFC 7323 §3): how far it got, and how fast it
// ticks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "captures/elapsed.h"

namespace tapdeck {

/// Ticks from `from` to `to`, by the shorter way round.
[[nodiscard]] constexpr std::int32_t timestamp_distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

/// PAWS refuses a segment of `value` where `recent` was taken before (RFC 7323 §5.3). One tick is
/// let pass, as Linux does.
[[nodiscard]] constexpr bool is_refused_by_paws(std::uint32_t value, std::uint32_t recent) {
  return timestamp_distance(value, recent) > 1;
}

class TimestampClock {
 public:
  void on_sent(std::uint32_t value, std::int64_t time_ns) {
    if (!known()) {
      x_first_value = x_latest = value;
      x_first_ns = x_latest_ns = time_ns;
      return;
    }
    if (timestamp_distance(x_latest, value) <= 0) return;
    x_latest = value;
    x_latest_ns = time_ns;
  }

  [[nodiscard]] bool known() const { return x_first_ns != never; }
  [[nodiscard]] std::uint32_t latest() const { return x_latest; }
  /// When a segment with the latest value was seen first.
  [[nodiscard]] std::int64_t latest_ns() const { return x_latest_ns; }

  /// Nanoseconds of one tick. RFC 7323 §5.4 allows 1 ms to 1 s; most systems tick every 1 to 10 ms,
  /// and until enough time has passed to measure it, this says 1 ms.
  [[nodiscard]] std::int64_t tick_ns() const {
    constexpr std::int64_t usual = 1'000'000;
    constexpr std::int64_t shortest = 1'000;
    constexpr std::int64_t longest = 1'000'000'000;
    constexpr std::int32_t enough_ticks = 20;
    const std::int32_t ticks = timestamp_distance(x_first_value, x_latest);
    if (ticks < enough_ticks) return usual;
    return std::clamp(elapsed_ns(x_first_ns, x_latest_ns) / ticks, shortest, longest);
  }

 private:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

  std::int64_t x_first_ns = never;
  std::int64_t x_latest_ns = 0;
  std::uint32_t x_first_value = 0;
  std::uint32_t x_latest = 0;
};

}  // namespace tapdeck
