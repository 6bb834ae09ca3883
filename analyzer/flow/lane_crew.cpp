#include "analyzer/flow/lane_crew.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace tapdeck {

LaneCrew::LaneCrew(std::vector<std::unique_ptr<Lane>> lanes, unsigned threads)
    : x_lanes(std::move(lanes)),
      x_group_size(threads > 1 ? Lane::largest_group : Lane::asked_at_once),
      x_worked_on(x_lanes.size()) {
  try {
    for (unsigned i = 1; i < threads; ++i) x_threads.emplace_back([this] { run(); });
  } catch (const std::system_error&) {  // the system has no more: those that there are do it
  }
}

LaneCrew::~LaneCrew() {
  {
    const std::lock_guard lock(x_mutex);
    x_is_over = true;
  }
  x_work.notify_all();
  for (std::thread& thread : x_threads) thread.join();
}

void LaneCrew::hand_over(Lane& lane) {
  if (x_threads.empty()) {
    lane.close_group();
    lane.track_oldest();
    lane.open_oldest();
    return;
  }
  Lock lock(x_mutex);
  lane.close_group();
  x_work.notify_one();
  while (!lane.has_room()) {
    if (!work_once(lock)) x_progress.wait(lock);
  }
}

void LaneCrew::finish() {
  for (const auto& lane : x_lanes) {
    if (lane->filling() != 0) hand_over(*lane);
  }
  if (!x_threads.empty()) {
    Lock lock(x_mutex);
    while (has_work()) {
      if (!work_once(lock)) x_progress.wait(lock);
    }
  }
  for (const auto& lane : x_lanes) {
    if (const std::exception_ptr thrown = lane->take_thrown()) std::rethrow_exception(thrown);
  }
}

bool LaneCrew::has_work() const {
  return std::ranges::any_of(x_lanes, [](const auto& lane) { return lane->waiting() != 0; });
}

/// Of the lanes that nobody works on, the one with most groups; x_lanes.size() if none has any.
std::size_t LaneCrew::most_behind() const {
  std::size_t result = x_lanes.size();
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < x_lanes.size(); ++i) {
    if (x_worked_on[i] || x_lanes[i]->waiting() <= most) continue;
    most = x_lanes[i]->waiting();
    result = i;
  }
  return result;
}

/// False: there is nothing to do.
bool LaneCrew::work_once(Lock& lock) {
  const std::size_t at = most_behind();
  if (at == x_lanes.size()) return false;
  x_worked_on[at] = true;
  lock.unlock();
  x_lanes[at]->track_oldest();
  lock.lock();
  x_worked_on[at] = false;
  x_lanes[at]->open_oldest();
  x_progress.notify_one();
  return true;
}

void LaneCrew::run() {
  Lock lock(x_mutex);
  while (!x_is_over) {
    if (!work_once(lock)) x_work.wait(lock);
  }
}

}  // namespace tapdeck
