// Which segments of a ladder are drawn: those with news, a few of every run without, the last ones
// before something happens. The rest is folded with counts.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "analyzer/report/ladder.h"

namespace tapdeck {

struct LadderOptions {
  bool raw_numbers = false;  // sequence numbers as they are
  bool fold = true;
  std::size_t rows = 2'000;  // kept at most, half of them from the start, half from the end
};

class LadderFolding {
 public:
  explicit LadderFolding(const LadderOptions& options) : x_options(options) {}

  void add(LadderSegment segment);

  /// All that was kept. Call once, last.
  [[nodiscard]] std::vector<LadderItem> finish();

 private:
  /// A kind of segment that isn't plain progress, and how often it was drawn in this episode.
  struct Seen {
    std::uint64_t kind = 0;
    std::size_t drawn = 0;
  };

  [[nodiscard]] bool is_turning_point(const LadderSegment& segment) const;
  [[nodiscard]] bool is_new_kind(const LadderSegment& segment,
                                 const std::vector<std::string_view>& words);
  void draw(LadderSegment segment);
  void hold(LadderSegment segment, std::size_t lines);
  void let_go();
  void keep(LadderItem item);

  LadderOptions x_options;
  std::vector<Seen> x_seen;
  std::size_t x_plain_run = 0;     // segments since something wasn't plain
  std::size_t x_drawn_of_run = 0;  // since the last news
  std::size_t x_drawn_of_turn = 0;
  std::optional<Side> x_turn;                       // who sends data
  std::optional<std::array<TcpState, 2>> x_states;  // after the segment before
  std::int64_t x_time_ns = 0;                       // of the segment before
  std::optional<LadderFold> x_fold;
  std::deque<LadderSegment> x_held;  // behind the fold
  std::size_t x_held_lines = 0;      // that they would take, while there is no fold
  std::vector<LadderItem> x_head;
  std::optional<LadderFold> x_left_out;
  std::deque<LadderItem> x_tail;
};

}  // namespace tapdeck
