#include "tools/replay/play_plan.h"

#include <algorithm>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// One loop, and how far apart the beginnings of two are.
struct Loop {
  std::uint64_t frames = 0;
  std::uint64_t octets = 0;
  std::int64_t last_ns = 0;
  std::int64_t period_ns = 0;
};

Loop measure(const std::deque<std::unique_ptr<FrameChunk>>& chunks,
             const ScheduleOptions& options) {
  Loop loop;
  Schedule schedule(options);
  for (const auto& chunk : chunks) {
    for (const Packet& frame : chunk->frames()) {
      ++loop.frames;
      loop.octets += frame.bytes.size();
      loop.last_ns = schedule.place(frame.time_ns, frame.bytes.size());
    }
  }
  if (loop.frames == 0) return loop;
  schedule.begin_loop();
  const Packet& first = chunks.front()->frames().front();
  loop.period_ns = schedule.place(first.time_ns, first.bytes.size());
  return loop;
}

/// Less than ten years, so that nothing runs over.
std::int64_t times(std::int64_t duration_ns, std::uint64_t count) {
  constexpr double longest_ns = 3e17;
  return static_cast<std::int64_t>(
      std::min(static_cast<double>(duration_ns) * static_cast<double>(count), longest_ns));
}

}  // namespace

PlayPlan plan_of(const std::deque<std::unique_ptr<FrameChunk>>& chunks,
                 const ScheduleOptions& schedule, const PlayerOptions& options) {
  const Loop loop = measure(chunks, schedule);
  const bool is_paced = Schedule(schedule).is_paced();
  PlayPlan plan;
  if (options.loops != 0) {
    plan = {.frames = loop.frames * options.loops,
            .octets = loop.octets * options.loops,
            .duration_ns = added_ns(times(loop.period_ns, options.loops - 1), loop.last_ns)};
  }
  const std::uint64_t limit = options.frame_limit;
  if (limit != 0 && loop.frames != 0 && (options.loops == 0 || limit < plan.frames)) {
    const double share = static_cast<double>(limit) / static_cast<double>(loop.frames);
    plan = {.frames = limit,
            .octets = static_cast<std::uint64_t>(share * static_cast<double>(loop.octets)),
            .duration_ns = static_cast<std::int64_t>(std::min(
                share * static_cast<double>(std::max(loop.period_ns, loop.last_ns)), 3e17))};
  }
  if (!is_paced) plan.duration_ns = 0;
  if (options.duration_ns && (plan.frames == 0 || plan.duration_ns > *options.duration_ns)) {
    plan = {.duration_ns = *options.duration_ns};
  }
  return plan;
}

}  // namespace tapdeck
