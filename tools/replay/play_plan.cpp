#include "tools/replay/play_plan.h"

#include <limits>

#include "tools/duration.h"

namespace tapdeck {
namespace {

// Loops times what each of them has need more than 64 bits.
__extension__ using Wide = unsigned __int128;

using Chunks = std::deque<std::unique_ptr<FrameChunk>>;

/// Frames of one loop, and how far apart the beginnings of two are.
struct Loop {
  std::uint64_t frames = 0;
  std::uint64_t octets = 0;
  std::optional<std::int64_t> last_ns = 0;  // empty: beyond the schedule's end
  std::optional<std::int64_t> period_ns = 0;
};

Loop measure(const Chunks& chunks, const ScheduleOptions& options, std::uint64_t most) {
  Loop loop;
  Schedule schedule(options);
  for (const auto& chunk : chunks) {
    for (const Packet& frame : chunk->frames()) {
      if (loop.frames == most) return loop;
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

/// How many frames end the replay; 0: something else does.
Wide frames_wanted(const Loop& loop, const PlayerOptions& options) {
  const Wide all = static_cast<Wide>(loop.frames) * options.loops;
  const Wide limit = options.frame_limit;
  return limit != 0 && (all == 0 || limit < all) ? limit : all;
}

/// 0 for what 64 bits don't hold: nobody will see its end.
std::uint64_t narrow(Wide count) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return count > most ? 0 : static_cast<std::uint64_t>(count);
}

}  // namespace

PlayPlan plan_of(const Chunks& chunks, const ScheduleOptions& schedule,
                 const PlayerOptions& options) {
  constexpr auto all = std::numeric_limits<std::uint64_t>::max();
  const Loop loop = measure(chunks, schedule, all);
  if (loop.frames == 0) return {};
  PlayPlan plan;
  if (const Wide frames = frames_wanted(loop, options); frames != 0) {
    const Wide loops_before = (frames - 1) / loop.frames;
    const auto in_last = static_cast<std::uint64_t>((frames - 1) % loop.frames + 1);
    const Loop last = in_last == loop.frames ? loop : measure(chunks, schedule, in_last);
    plan.frames = narrow(frames);
    plan.octets = narrow(loops_before * loop.octets + last.octets);
    const auto begin_ns = loops_before * static_cast<Wide>(loop.period_ns.value_or(century_ns));
    const Wide end_ns = begin_ns + static_cast<Wide>(last.last_ns.value_or(century_ns));
    plan.beyond_century = !last.last_ns || (loops_before > 0 && !loop.period_ns) ||
                          end_ns > static_cast<Wide>(century_ns);
    plan.duration_ns = plan.beyond_century ? century_ns : static_cast<std::int64_t>(end_ns);
  }
  if (!Schedule(schedule).is_paced()) plan.duration_ns = 0;
  if (options.duration_ns && (plan.frames == 0 || plan.duration_ns >= *options.duration_ns)) {
    plan = {.duration_ns = *options.duration_ns};
  }
  return plan;
}

}  // namespace tapdeck
