// The time by which frames are sent: the system's, or one that jumps to whatever is waited for.
#pragma once

#include <cstdint>

namespace tapdeck {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Nanoseconds from some point in the past; never runs backwards.
  [[nodiscard]] virtual std::int64_t now() = 0;

  /// Returns the time at which the wait ended: `time_ns`, or a little later; or earlier, where the
  /// wait is long, so that the caller can look whether it is still wanted.
  virtual std::int64_t wait_until(std::int64_t time_ns) = 0;
};

/// How long before a time a sleeper is to be woken so that it is hardly ever late: learnt from how
/// late it was woken before. A machine that idles, a virtual one above all, may take far longer
/// than one that works.
class WakeMargin {
 public:
  [[nodiscard]] std::int64_t ns() const;

  /// Once for each wait; 0 for one without sleep.
  void learn(std::int64_t late_ns);

 private:
  std::int64_t x_late_ns = 0;  // the latest so far, slowly forgotten
};

/// Sleeps until shortly before and then looks at the clock until it is time: a sleeping thread is
/// woken late, by microseconds or, on a machine that idles, by far more.
class SystemClock final : public Clock {
 public:
  enum class Waiting : std::uint8_t { sleeps, hardly_sleeps };

  /// For the calling thread only, whose timers it makes as exact as the system can.
  explicit SystemClock(Waiting waiting);

  [[nodiscard]] std::int64_t now() override;
  std::int64_t wait_until(std::int64_t time_ns) override;

 private:
  Waiting x_waiting;
  WakeMargin x_margin;
};

/// Every wait is over at once, at its time. For files, trial runs and tests.
class JumpingClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now() override { return x_now; }
  std::int64_t wait_until(std::int64_t time_ns) override {
    if (time_ns > x_now) x_now = time_ns;
    return x_now;
  }

 private:
  std::int64_t x_now = 0;
};

}  // namespace tapdeck
