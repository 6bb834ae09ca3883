// A story whose segments are judged one by one.
#pragma once

#include <map>

#include "tests/support/story.h"

namespace tapdeck::test {

class TracedStory : public Story {
 public:
  TracedStory() : Story({}, TraceWish::segments) {}

  /// Of the segment told last.
  Verdict last() {
    take();
    return x_verdicts[x_last.frame];
  }
  TcpState client_state() { return state(Side::client); }
  TcpState server_state() { return state(Side::server); }
  /// Number of the first frame of the connection that had the last segment.
  std::uint64_t connection() {
    take();
    return x_last.connection;
  }

 private:
  TcpState state(Side side) {
    take();
    return x_last.states_after[index_of(side)];
  }

  /// A verdict that still waits counts as none.
  void take() {
    Trace trace = table().take_trace();
    if (!trace.segments.empty()) x_last = trace.segments.back();
    for (const FrameVerdict& told : trace.verdicts) x_verdicts[told.frame] = told.verdict;
  }

  TracedSegment x_last;
  std::map<std::uint64_t, Verdict> x_verdicts;
};

}  // namespace tapdeck::test
