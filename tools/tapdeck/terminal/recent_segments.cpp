#include "tools/tapdeck/terminal/recent_segments.h"

#include <algorithm>

namespace tapdeck {

/// The segments first: a verdict may have settled with its segment.
void RecentSegments::add(const Trace& trace) {
  for (const TracedSegment& segment : trace.segments) {
    if (x_kept.size() == most_kept) x_kept.pop_front();
    x_kept.push_back({segment, {}});
    if (x_opened && segment.connection == x_opened->connection) draw(segment);
  }
  for (const FrameVerdict& verdict : trace.verdicts) settle(verdict);
}

void RecentSegments::draw(const TracedSegment& segment) {
  if (x_opened->first_frame == 0) x_opened->first_frame = segment.frame;
  x_opened->builder.add(segment);
}

void RecentSegments::settle(const FrameVerdict& verdict) {
  const auto found = std::ranges::lower_bound(x_kept, verdict.frame, {},
                                              [](const Kept& kept) { return kept.segment.frame; });
  if (found != x_kept.end() && found->segment.frame == verdict.frame) {
    found->verdict = verdict.verdict;
  }
  if (!x_opened || verdict.connection != x_opened->connection) return;
  x_opened->builder.settle(verdict);
}

void RecentSegments::open(std::uint64_t connection) {
  x_opened = Opened{.connection = connection};
  for (const Kept& kept : x_kept) {
    if (kept.segment.connection != connection) continue;
    draw(kept.segment);
    if (kept.verdict) {
      x_opened->builder.settle({kept.segment.frame, connection, *kept.verdict});
    }
  }
}

Ladder RecentSegments::ladder() const {
  LadderBuilder so_far = x_opened->builder;
  return so_far.finish();
}

}  // namespace tapdeck
