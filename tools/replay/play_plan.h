// What a replay is going to do, as far as it can be known before: how many frames, how long.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>

#include "tools/replay/frame_chunk.h"
#include "tools/replay/player.h"

namespace tapdeck {

struct PlayPlan {
  std::uint64_t frames = 0;      // 0: unknown, or without end
  std::uint64_t octets = 0;      // likewise
  std::int64_t duration_ns = 0;  // 0: unknown, or at top speed
  bool beyond_century = false;   // the last frames have no place on the schedule
};

/// Of all frames of one loop, which are in memory: exact, whatever ends the replay.
[[nodiscard]] PlayPlan plan_of(const std::deque<std::unique_ptr<FrameChunk>>& chunks,
                               const ScheduleOptions& schedule, const PlayerOptions& options);

}  // namespace tapdeck
