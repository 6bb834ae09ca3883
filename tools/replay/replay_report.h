// The end of a replay in plain data, and as text for people and JSON for scripts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/report/json_output.h"
#include "tools/replay/frame_preparer.h"
#include "tools/replay/statistics.h"

namespace tapdeck {

/// Where frames left.
struct ReplaySide {
  std::string name;  ///< Of the interface or the file.
  std::string how;   ///< "packet", "pcap", "af_xdp", "file", "null".
  /// What the interface itself says that it sent meanwhile, whoever gave it to it.
  std::optional<std::uint64_t> counted_frames;
};

struct ReplayReport {
  ScheduleOptions asked;
  std::vector<ReplaySide> sides;  // as in the statistics
  PreparationCounts prepared;
  PlayStatistics played;
  bool is_timeless = false;  ///< Nobody waited: times are places on the schedule.
};

/// "as captured", "2.5 times as fast as captured", "1000 packets/s", "100 Mbit/s of layer 2".
[[nodiscard]] std::string pace_text(const ScheduleOptions& options);

/// Of a replay that goes on: what was sent, how fast, how late.
[[nodiscard]] std::string play_text(const PlayStatistics& played, const ScheduleOptions& asked,
                                    bool is_timeless = false);

/// Of one that has ended: the same, and everything that was not sent, with the reason.
[[nodiscard]] std::string replay_text(const ReplayReport& report);

/// One document. Schema version 1: names and meanings stay, members may come.
void write_replay_json(const ReplayReport& report, JsonOutput& json);

void write_histogram(std::string_view name, const Histogram& histogram, JsonOutput& json);

/// Not one of them was sent, or one was refused, or the interface counted fewer than it took.
[[nodiscard]] bool is_short_of_frames(const ReplayReport& report);

}  // namespace tapdeck
