// What became of a replay's frames, in numbers: counted when the system took a frame, never before.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "captures/transmit/transmitter.h"
#include "tools/replay/histogram.h"
#include "tools/replay/schedule.h"

namespace tapdeck {

/// Why a replay ended.
enum class PlayEnd : std::uint8_t {
  complete,        // every frame of every loop was handed over
  limit,           // as many frames as asked for
  duration,        // as long as asked for
  stopped,         // by a signal, or by the key for it
  broken,          // an interface refused for a reason that will not pass
  beyond_century,  // the next frame's place is none that anybody would wait for
};

[[nodiscard]] std::string_view to_string(PlayEnd end);

struct PlayStatistics {
  /// Later than this behind its place a frame is late.
  static constexpr std::int64_t late_ns = 1'000'000;

  std::uint64_t attempted = 0;  // handed to an interface or a sink
  std::uint64_t loops = 0;      // begun
  std::vector<TransmitCounts> sides;
  std::map<int, std::uint64_t> failed;  // frames by errno
  std::uint64_t late = 0;
  Histogram lateness_ns;  // of frames that had a place, when they were handed over
  ScheduleCounts schedule;
  std::int64_t start_ns = 0;  // by the player's clock: the first frame's place
  std::int64_t now_ns = 0;    // when these numbers held; in the end: when all had left
  std::int64_t due_ns = 0;    // the last frame's place, from the start
  PlayEnd end = PlayEnd::complete;

  /// Since the first frame's place; 0 before it.
  [[nodiscard]] std::int64_t duration_ns() const {
    return std::max<std::int64_t>(now_ns - start_ns, 0);
  }
  [[nodiscard]] TransmitCounts sent() const;
  [[nodiscard]] std::uint64_t failed_frames() const;
};

/// A rate over a time; 0 over none.
[[nodiscard]] double per_second(double amount, std::int64_t duration_ns);

struct AchievedRate {
  double packets_per_second = 0;
  double bits_per_second = 0;  // of frames without check sequence
};

/// From the first packet to the last there is an interval less than there are packets.
[[nodiscard]] AchievedRate achieved_rate(const PlayStatistics& played);

/// A rate with at least so many digits behind the point, and more where it would lose its first
/// three: "1204.5", "0.0333".
[[nodiscard]] std::string rate_text(double rate, int decimals);

/// "EMSGSIZE".
[[nodiscard]] std::string errno_name(int error);

}  // namespace tapdeck
