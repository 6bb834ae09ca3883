// The score of one recording: each of its captures against one program's verdicts.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "tools/lab/scoring/class_score.h"
#include "tools/lab/scoring/missed_segments.h"
#include "tools/lab/scoring/state_score.h"
#include "tools/lab/scoring/trigger_score.h"

namespace tapdeck {

/// What a sender of this kind tells by its headers decides how well one can do.
enum class Group : std::uint8_t { ipv4, ipv6_with_timestamps, ipv6_without_timestamps };

inline constexpr std::array groups{Group::ipv4, Group::ipv6_with_timestamps,
                                   Group::ipv6_without_timestamps};

[[nodiscard]] std::string_view to_string(Group group);

struct CaptureScore {
  std::string failure;  // why there are no verdicts; empty: there are
  ClassScore classes;
  std::optional<VerdictList> said;
};

struct RunScore {
  std::string name;  // the recording's folder: SCENARIO.sSEED
  Group group{};
  std::array<CaptureScore, capture_points.size()> captures;  // by CapturePoint
  std::array<TriggerScore, 2> triggers;                      // by the sender's Way
  MissedScore missed;
  /// Of either host, by the capture at its side and by the one at the other's; all zero without
  /// reports.
  StateScore states_near;
  StateScore states_far;
};

/// Reads the recording in `folder` and, below `verdicts`, the lists NAME/TOOL_POINT.tsv and the
/// reports NAME/TOOL_client.json and NAME/TOOL_server.json where there are any. Throws
/// Failure(unreadable_input) for a broken recording; lists that aren't there or break off are a
/// failure of the program.
[[nodiscard]] RunScore score_run(const std::string& folder, const std::string& verdicts,
                                 const std::string& tool);

}  // namespace tapdeck
