// What can be asked for of every TCP segment beside the report: for those who show packets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/flow/flow_key.h"
#include "analyzer/flow/side.h"
#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/state.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

/// Verdicts are handed out at least so often.
inline constexpr std::uint64_t frames_between_sweeps = 4096;
/// Frames behind a segment at which its verdict has been handed out at the latest.
inline constexpr std::uint64_t longest_unsettled_frames =
    evidence_frames + 2 * frames_between_sweeps;

enum class TraceWish : std::uint8_t {
  nothing,
  verdicts,
  segments,  // and verdicts
};

struct TracedSegment {
  DirectedKey key;               // of the connection; its direction is the segment's
  std::uint64_t connection = 0;  // number of the connection's first frame
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
  Side from{};
  Segment segment;
  std::optional<std::uint8_t> window_shift;  // of its window, if it's no SYN; empty: nobody knows
  std::array<TcpState, 2> states_after{};    // by Side
};

struct Trace {
  std::vector<TracedSegment> segments;  // as they came
  std::vector<FrameVerdict> verdicts;   // as they settled: not in the order of frames
};

}  // namespace tapdeck
