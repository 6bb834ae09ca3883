#include "tools/lab/scoring/run_score.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/lab/truth/receiver.h"

namespace tapdeck {
namespace {

/// By the words that the scenario was set up with.
Group group_of(const std::string& folder) {
  std::ifstream file(folder + "/words");
  bool ipv6 = false;
  bool timestamps = true;
  for (std::string word; file >> word;) {
    ipv6 = ipv6 || word == "ipv6";
    timestamps = timestamps && word != "no_timestamps";
  }
  if (!ipv6) return Group::ipv4;
  return timestamps ? Group::ipv6_with_timestamps : Group::ipv6_without_timestamps;
}

CaptureScore score_capture(const std::string& folder, const std::string& verdicts,
                           CapturePoint point) {
  const auto truth = read_classes(fmt::format("{}/classes_{}.tsv", folder, to_string(point)));
  CaptureScore score;
  try {
    score.said = VerdictList::read(verdicts);
    const bool whole = std::all_of(truth.begin(), truth.end(), [&](const ClassifiedFrame& frame) {
      return score.said->mentions(frame.frame);
    });
    if (!whole) {
      score.failure = verdicts + " breaks off";
      score.said.reset();
    }
  } catch (const Failure& failure) {
    score.failure = failure.what();
  }
  score.classes = score_classes(truth, score.said ? &*score.said : nullptr);
  return score;
}

}  // namespace

std::string_view to_string(Group group) {
  switch (group) {
    case Group::ipv4:
      return "IPv4, counting IDs";
    case Group::ipv6_with_timestamps:
      return "IPv6 with timestamps";
    case Group::ipv6_without_timestamps:
      return "IPv6 without timestamps";
  }
  return "invalid";
}

RunScore score_run(const std::string& folder, const std::string& verdicts,
                   const std::string& tool) {
  // With a slash at the end or without.
  const std::filesystem::path place = std::filesystem::path(folder + "/").parent_path();
  RunScore score{.name = place.lexically_normal().filename().string(),
                 .group = group_of(folder),
                 .captures = {},
                 .triggers = {},
                 .missed = {},
                 .states_near = {},
                 .states_far = {}};
  const auto said_at = [&](CapturePoint point) -> const VerdictList* {
    const auto& said = score.captures[static_cast<std::size_t>(point)].said;
    return said ? &*said : nullptr;
  };
  for (const CapturePoint point : capture_points) {
    score.captures[static_cast<std::size_t>(point)] = score_capture(
        folder, fmt::format("{}/{}/{}_{}.tsv", verdicts, score.name, tool, to_string(point)),
        point);
  }
  Recording recording = read_recording(folder);
  for (const Way way : {Way::up, Way::down}) {
    static_cast<void>(judge_deliveries(recording, way));
    const CapturePoint host = sender_of(way);
    score.triggers[static_cast<std::size_t>(way)] =
        score_triggers(read_classes(fmt::format("{}/classes_{}.tsv", folder, to_string(host))),
                       recording.sightings_at(host), said_at(host), way,
                       read_counters(fmt::format("{}/{}_netstat.tsv", folder, to_string(host))));
  }
  const std::vector<FinSent> fins = find_fins(recording);
  for (const CapturePoint point : {CapturePoint::client, CapturePoint::server}) {
    const std::string report =
        fmt::format("{}/{}/{}_{}.json", verdicts, score.name, tool, to_string(point));
    if (!std::filesystem::exists(report)) continue;
    for (const CapturePoint host : {CapturePoint::client, CapturePoint::server}) {
      (host == point ? score.states_near : score.states_far) +=
          score_states(folder + "/states.tsv", report, std::string(to_string(host)), fins);
    }
  }
  score.missed = score_missed(recording, said_at(CapturePoint::missing));
  return score;
}

}  // namespace tapdeck
