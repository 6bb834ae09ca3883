// Where other threads ask the player for its statistics: it posts a copy between two frames when
// somebody wants one, and pays one look at a flag when nobody does. Where it waits for more frames
// to come it leaves one behind.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "tools/replay/statistics.h"

namespace tapdeck {

class StatisticsBoard {
 public:
  [[nodiscard]] bool is_asked() const { return x_asked.load(std::memory_order_relaxed); }

  void post(PlayStatistics statistics) {
    {
      const std::lock_guard lock(x_mutex);
      x_posted = std::move(statistics);
      x_asked.store(false, std::memory_order_relaxed);
    }
    x_changed.notify_all();
  }

  /// What holds while the player waits for frames, and answers nobody; empty: it goes on.
  void stand_in(std::optional<PlayStatistics> statistics) {
    {
      const std::lock_guard lock(x_mutex);
      x_standing_in = std::move(statistics);
    }
    x_changed.notify_all();
  }

  /// Empty if the player doesn't answer in time: it waits for the interface, or hasn't begun.
  [[nodiscard]] std::optional<PlayStatistics> ask(std::chrono::milliseconds patience) {
    std::unique_lock lock(x_mutex);
    if (x_standing_in) return x_standing_in;
    x_posted.reset();
    x_asked.store(true, std::memory_order_relaxed);
    x_changed.wait_for(lock, patience,
                       [this] { return x_posted.has_value() || x_standing_in.has_value(); });
    return x_posted ? std::exchange(x_posted, std::nullopt) : x_standing_in;
  }

 private:
  std::atomic<bool> x_asked = false;
  std::mutex x_mutex;
  std::condition_variable x_changed;
  std::optional<PlayStatistics> x_posted, x_standing_in;
};

}  // namespace tapdeck
