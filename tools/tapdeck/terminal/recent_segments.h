// The TCP segments that were captured lately, of all connections, so that the ladder of one that is
// opened begins before that moment; of the opened one everything from then on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "analyzer/flow/trace.h"
#include "analyzer/report/ladder_builder.h"

namespace tapdeck {

class RecentSegments {
 public:
  /// Kept of all connections together.
  static constexpr std::size_t most_kept = 65'536;

  /// Of every segment, in the order of frames.
  void add(const Trace& trace);

  /// From now on there is the ladder of this connection, and of no other.
  void open(std::uint64_t connection);

  /// Of the opened connection, as far as it was kept. Requires: one is open.
  [[nodiscard]] Ladder ladder() const;
  /// Of the opened connection; 0: there is none so far.
  [[nodiscard]] std::uint64_t first_frame() const { return x_opened ? x_opened->first_frame : 0; }

 private:
  struct Kept {
    TracedSegment segment;
    std::optional<Verdict> verdict;  // once it has settled
  };

 public:
  static constexpr std::size_t most_octets = most_kept * sizeof(Kept);

 private:
  struct Opened {
    std::uint64_t connection = 0;
    std::uint64_t first_frame = 0;
    LadderBuilder builder{LadderOptions{}};
  };

  void draw(const TracedSegment& segment);
  void settle(const FrameVerdict& verdict);

  std::deque<Kept> x_kept;
  std::optional<Opened> x_opened;
};

}  // namespace tapdeck
