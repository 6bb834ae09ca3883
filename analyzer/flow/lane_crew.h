// The threads that work on lanes: those of its own, and the caller's when it would have to wait.
// Any of them takes the oldest group of any lane that nobody works on, so that work spreads evenly
// whatever reading and tracking cost.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "analyzer/flow/lane.h"

namespace tapdeck {

class LaneCrew {
 public:
  /// `threads` from 1, the caller's included.
  LaneCrew(std::vector<std::unique_ptr<Lane>> lanes, unsigned threads);
  LaneCrew(const LaneCrew&) = delete;
  LaneCrew& operator=(const LaneCrew&) = delete;
  ~LaneCrew();

  /// Others than their next() and push() require: nothing was pushed since finish().
  [[nodiscard]] std::span<const std::unique_ptr<Lane>> lanes() const { return x_lanes; }

  /// Takes what was put together in the lane's next().
  void push(Lane& lane) {
    if (lane.push() == x_group_size) hand_over(lane);
  }
  /// Until all that was pushed is tracked. Throws what tracking threw.
  void finish();

 private:
  using Lock = std::unique_lock<std::mutex>;

  void hand_over(Lane& lane);
  [[nodiscard]] bool has_work() const;
  [[nodiscard]] std::size_t most_behind() const;
  [[nodiscard]] bool work_once(Lock& lock);
  void run();

  std::vector<std::unique_ptr<Lane>> x_lanes;
  std::size_t x_group_size;
  std::vector<bool> x_worked_on;  // by lane; guarded by x_mutex, as the lanes' counts of groups
  bool x_is_over = false;
  std::mutex x_mutex;
  std::condition_variable x_work, x_progress;
  std::vector<std::thread> x_threads;
};

}  // namespace tapdeck
