// Gathers what a ladder draws while segments go by and verdicts settle. Its size is bounded by what
// is drawn, not by the connection.
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "analyzer/flow/trace.h"
#include "analyzer/report/ladder_folding.h"
#include "analyzer/report/relative_numbers.h"

namespace tapdeck {

class LadderBuilder {
 public:
  explicit LadderBuilder(const LadderOptions& options)
      : x_raw_numbers(options.raw_numbers), x_folding(options) {}

  /// Of one connection, in the order of frames.
  void add(const TracedSegment& traced);
  /// Verdicts on other segments are none of its business.
  void settle(const FrameVerdict& verdict);
  /// Call once, last.
  [[nodiscard]] Ladder finish();

 private:
  struct Waiting {
    LadderSegment segment;
    bool settled = false;
  };

  void anchor(const TracedSegment& traced);
  void set_numbers(const TracedSegment& traced, LadderSegment& result) const;
  void pass_on();

  bool x_raw_numbers;
  std::array<RelativeNumbers, 2> x_numbers;  // by Side
  std::deque<Waiting> x_waiting;             // for their verdicts
  std::array<LadderTally, 2> x_tallies;
  LadderFolding x_folding;
};

}  // namespace tapdeck
