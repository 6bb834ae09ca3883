#include "tools/replay/schedule.h"

#include <algorithm>
#include <limits>

#include "captures/elapsed.h"
#include "tools/duration.h"

namespace tapdeck {
namespace {

// Products of a 64-bit sum, the nanoseconds of a second and a rate's denominator need 124 bits.
__extension__ using Wide = unsigned __int128;

constexpr auto longest_ns = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
/// A record further behind the latest one was not written late: the clock was set back.
constexpr std::int64_t clock_step_ns = 1'000'000'000;

std::int64_t at_most_longest(Wide value) {
  return value > static_cast<Wide>(longest_ns) ? longest_ns : static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> within_century(Wide place) {
  return place > static_cast<Wide>(century_ns) ? std::nullopt
                                               : std::optional(static_cast<std::int64_t>(place));
}

std::uint64_t added(std::uint64_t sum, std::uint64_t more) {
  std::uint64_t result = 0;
  return __builtin_add_overflow(sum, more, &result) ? std::numeric_limits<std::uint64_t>::max()
                                                    : result;
}

/// Wait times are cut as they are sent; the capture's gaps are longer where it runs faster.
std::uint64_t longest_gap(const ScheduleOptions& options) {
  if (!options.max_gap_ns) return longest_ns;
  return static_cast<std::uint64_t>(at_most_longest(
      static_cast<Wide>(*options.max_gap_ns) * options.rate.numerator / options.rate.denominator));
}

std::uint64_t octets_counted(const ScheduleOptions& options, std::size_t octets) {
  constexpr std::size_t least = 60;
  constexpr std::size_t around_frame = 24;
  return options.counts_layer_1 ? std::max(octets, least) + around_frame : octets;
}

}  // namespace

std::string_view to_string(Pace pace) {
  switch (pace) {
    case Pace::as_captured:
      return "as_captured";
    case Pace::frames_per_second:
      return "packets_per_second";
    case Pace::megabits_per_second:
      return "megabits_per_second";
    case Pace::top_speed:
      return "top_speed";
    case Pace::by_key:
      return "by_key";
  }
  return "invalid";
}

Schedule::Schedule(const ScheduleOptions& options, std::uint64_t position)
    : x_options(options),
      x_longest_gap(longest_gap(options)),
      x_position(position),
      x_loop_start(position) {}

std::optional<std::int64_t> Schedule::place(std::int64_t time_ns, std::size_t octets) {
  switch (x_options.pace) {
    case Pace::as_captured:
      x_position = added(x_position, gap_before(time_ns));
      ++x_loop_frames;
      return place_of(x_position);
    case Pace::frames_per_second:
      return place_of(x_position++);
    case Pace::megabits_per_second: {
      const std::optional<std::int64_t> place = place_of(x_position);
      x_position = added(x_position, octets_counted(x_options, octets));
      return place;
    }
    case Pace::top_speed:
    case Pace::by_key:
      break;
  }
  return within_century(static_cast<Wide>(x_pauses_ns));
}

/// A record that was written late goes out at once, and what follows keeps its place.
std::uint64_t Schedule::gap_before(std::int64_t time_ns) {
  if (x_loop_frames == 0) {
    x_latest_ns = time_ns;
    return 0;
  }
  const std::int64_t gap = elapsed_ns(x_latest_ns, time_ns);
  if (gap < 0) {
    ++x_counts.times_backwards;
    if (gap < -clock_step_ns) x_latest_ns = time_ns;
    return 0;
  }
  x_latest_ns = time_ns;
  if (static_cast<std::uint64_t>(gap) <= x_longest_gap) return static_cast<std::uint64_t>(gap);
  ++x_counts.gaps_cut;
  return x_longest_gap;
}

std::optional<std::int64_t> Schedule::place_of(std::uint64_t position) const {
  const Rate& rate = x_options.rate;
  Wide place = static_cast<Wide>(position) * rate.denominator;
  if (x_options.pace == Pace::frames_per_second) place *= nanoseconds_per_second;
  if (x_options.pace == Pace::megabits_per_second) place *= 8'000;  // ns a bit, of 10^6 a second
  return within_century(place / rate.numerator + static_cast<Wide>(x_pauses_ns));
}

void Schedule::begin_loop() {
  if (x_options.loop_pause_ns) {
    x_pauses_ns = at_most_longest(static_cast<Wide>(x_pauses_ns) +
                                  static_cast<Wide>(*x_options.loop_pause_ns));
  } else if (x_options.pace == Pace::as_captured && x_loop_frames > 1) {
    x_position = added(x_position, (x_position - x_loop_start) / (x_loop_frames - 1));
  }
  x_loop_start = x_position;
  x_loop_frames = 0;
}

}  // namespace tapdeck
