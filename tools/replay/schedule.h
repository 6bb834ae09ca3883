// When each frame is due, in nanoseconds from the start of the replay: a function of what came
// before it, without a clock. Places are taken from exact sums, never from the place before, so
// that no error adds up however many frames there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tools/replay/rate.h"

namespace tapdeck {

enum class Pace : std::uint8_t {
  as_captured,        // the times of the capture, divided by the rate
  frames_per_second,  // every frame counts the same
  megabits_per_second,
  top_speed,  // each frame is due at once
  by_key,     // likewise, but each waits for a key
};

[[nodiscard]] std::string_view to_string(Pace pace);

struct ScheduleOptions {
  Pace pace = Pace::as_captured;
  Rate rate = {};  ///< How many times as fast, frames a second, or megabits (10^6) a second.
  /// Of a rate in bits: count what Ethernet puts around a frame on the wire (preamble, check
  /// sequence, gap: 24 octets) and short frames as padded to 60 octets.
  bool counts_layer_1 = false;
  std::optional<std::int64_t> max_gap_ns = {};     ///< No wait between two frames is longer.
  std::optional<std::int64_t> loop_pause_ns = {};  ///< Between two loops; absent: the mean gap.
};

/// Oddities of the capture's times that changed the pace.
struct ScheduleCounts {
  std::uint64_t times_backwards = 0;
  std::uint64_t gaps_cut = 0;  // to max_gap_ns
};

class Schedule {
 public:
  /// `position`: of the first frame, in what the pace counts (captured nanoseconds, frames,
  /// octets).
  explicit Schedule(const ScheduleOptions& options, std::uint64_t position = 0);

  /// The place of the next frame; never before that of the last one. Empty: it would be more than
  /// a century from the start, as all that follow would.
  [[nodiscard]] std::optional<std::int64_t> place(std::int64_t time_ns, std::size_t octets);

  /// The frames that follow are the capture's once more, from its beginning.
  void begin_loop();

  [[nodiscard]] const ScheduleCounts& counts() const { return x_counts; }
  [[nodiscard]] const ScheduleOptions& options() const { return x_options; }
  /// False: every frame is due at once.
  [[nodiscard]] bool is_paced() const {
    return x_options.pace != Pace::top_speed && x_options.pace != Pace::by_key;
  }

 private:
  [[nodiscard]] std::uint64_t gap_before(std::int64_t time_ns);
  [[nodiscard]] std::optional<std::int64_t> place_of(std::uint64_t position) const;

  ScheduleOptions x_options;
  ScheduleCounts x_counts;
  std::uint64_t x_longest_gap;   // in the capture's time
  std::uint64_t x_position;      // the exact sum
  std::int64_t x_pauses_ns = 0;  // between loops
  std::int64_t x_latest_ns = 0;  // time in the capture
  std::uint64_t x_loop_start;    // the position of the loop's first frame
  std::uint64_t x_loop_frames = 0;
};

}  // namespace tapdeck
