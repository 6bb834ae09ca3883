// The end of a replay in plain data, and as text for people and JSON for scripts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/report/json_output.h"
#include "captures/failure.h"
#include "tools/replay/frame_preparer.h"
#include "tools/replay/statistics.h"
#include "tools/replay/verifier.h"

namespace tapdeck {

/// Where frames left.
struct ReplaySide {
  std::string name;  ///< Of the interface or the file.
  std::string how;   ///< "packet", "pcap", "af_xdp", "file", "null".
  /// What the interface itself says that it sent meanwhile, whoever gave it to it.
  std::optional<std::uint64_t> counted_frames;
  /// What arrived at its far end, where that was asked for.
  std::optional<VerifierResult> verified = {};
};

struct ReplayReport {
  ScheduleOptions asked;
  std::vector<ReplaySide> sides;  // as in the statistics
  PreparationOptions preparation;
  PreparationCounts prepared;
  PlayStatistics played;
  bool may_skip_truncated = false, may_skip_oversize = false;  ///< These skips were asked for.
  bool may_hold_packets = true;                                ///< The captures.
  bool is_timeless = false;  ///< Nobody waited: times are places on the schedule.
};

/// "as captured", "2.5 times as fast as captured", "1000 packets/s", "100 Mbit/s of layer 2".
[[nodiscard]] std::string pace_text(const ScheduleOptions& options);

/// A line of any of these texts, or several of at most 80 columns.
[[nodiscard]] std::string report_line(std::string_view name, const std::string& text);

/// Of a replay that goes on: what was sent, how fast, how late.
[[nodiscard]] std::string play_text(const PlayStatistics& played, const ScheduleOptions& asked,
                                    bool is_timeless = false);

/// Of one that has ended: the same, and everything that was not sent, with the reason.
[[nodiscard]] std::string replay_text(const ReplayReport& report);

/// One document. Schema version 1: names and meanings stay, members may come.
void write_replay_json(const ReplayReport& report, JsonOutput& json);

/// What arrived at the far interface, and how far off its time.
[[nodiscard]] std::string verified_text(const VerifierResult& result);

/// unwritable_output: there were packets and not one was sent, or one was refused, or skipped
/// though nobody asked for that, or had no place within a century, or the interface counted fewer
/// than it took. packets_dropped: the capture that verifies lost some itself. findings: what
/// arrived is not what was sent.
[[nodiscard]] ExitCode exit_code_of(const ReplayReport& report);

}  // namespace tapdeck
