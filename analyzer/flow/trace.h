// What can be asked for of every TCP segment beside the report: for those who show packets.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analyzer/flow/flow_key.h"
#include "analyzer/flow/side.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/state.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

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
  std::array<TcpState, 2> states_after{};  // by Side
};

struct Trace {
  std::vector<TracedSegment> segments;  // as they came
  std::vector<FrameVerdict> verdicts;   // as they settled: not in the order of frames
};

}  // namespace tapdeck
