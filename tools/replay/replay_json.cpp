// The report as JSON: every number that the text has, and no words to be parsed.
#include <cmath>

#include "tools/replay/preparation_report.h"
#include "tools/replay/replay_report.h"

namespace tapdeck {
namespace {

void write_asked(const ScheduleOptions& asked, JsonOutput& json) {
  json.key("asked");
  json.begin_object();
  json.member("pace", to_string(asked.pace));
  json.member("rate_numerator", asked.rate.numerator);
  json.member("rate_denominator", asked.rate.denominator);
  if (asked.pace == Pace::megabits_per_second) {
    json.member("layer", asked.counts_layer_1 ? 1U : 2U);
  }
  json.end_object();
}

void write_counts(const TransmitCounts& counts, JsonOutput& json) {
  json.member("packets", counts.frames);
  json.member("octets", counts.octets);
  json.member("retried", counts.retried);
  json.member("held_back", counts.held_back);
}

void write_histogram(std::string_view name, const Histogram& histogram, JsonOutput& json) {
  json.key(name);
  json.begin_object();
  json.member("count", histogram.count());
  json.member("p50", histogram.quantile(0.5));
  json.member("p99", histogram.quantile(0.99));
  json.member("p999", histogram.quantile(0.999));
  json.member("max", histogram.max());
  json.end_object();
}

void write_verified(const VerifierResult& result, JsonOutput& json) {
  const MatchCounts& matched = result.matched;
  json.key("verified");
  json.begin_object();
  json.member("expected", matched.expected);
  json.member("arrived", matched.arrived);
  json.member("missing", matched.missing);
  json.member("out_of_order", matched.out_of_order);
  json.member("others", matched.others);
  json.member("dropped_by_capture", result.dropped_by_capture);
  json.member("dropped_by_interface", result.dropped_by_interface);
  if (matched.place_error_ns.count() != 0) {
    write_histogram("gap_error_ns", matched.gap_error_ns, json);
    write_histogram("place_error_ns", matched.place_error_ns, json);
  }
  json.end_object();
}

void write_sides(const ReplayReport& report, JsonOutput& json) {
  json.key("sides");
  json.begin_array();
  for (std::size_t i = 0; i < report.sides.size(); ++i) {
    const ReplaySide& side = report.sides[i];
    json.begin_object();
    json.member("name", side.name);
    json.member("method", side.how);
    write_counts(report.played.sides[i], json);
    json.member("counted_by_interface", side.counted_frames);
    if (side.verified) write_verified(*side.verified, json);
    json.end_object();
  }
  json.end_array();
}

void write_failed(const PlayStatistics& played, JsonOutput& json) {
  json.key("failed");
  json.begin_object();
  for (const auto& [error, count] : played.failed) json.member(errno_name(error), count);
  json.end_object();
}

std::uint64_t whole(double rate) { return static_cast<std::uint64_t>(std::llround(rate)); }

void write_achieved(const PlayStatistics& played, JsonOutput& json) {
  const AchievedRate rate = achieved_rate(played);
  json.member("duration_ns", played.duration_ns());
  json.member("packets_per_second", whole(rate.packets_per_second));
  json.member("bits_per_second", whole(rate.bits_per_second));
}

}  // namespace

void write_replay_json(const ReplayReport& report, JsonOutput& json) {
  const PlayStatistics& played = report.played;
  json.begin_object();
  json.member("schema_version", 1U);
  json.member("packets_read", report.prepared.packets);
  json.member("changed_by_rules", report.prepared.rewritten.changed);
  json.member("dropped_by_rules", report.prepared.rewritten.all_dropped());
  json.member("attempted", played.attempted);
  json.key("sent");
  json.begin_object();
  write_counts(played.sent(), json);
  json.end_object();
  write_failed(played, json);
  write_asked(report.asked, json);
  write_achieved(played, json);
  if (played.lateness_ns.count() != 0 && !report.is_timeless) {
    write_histogram("lateness_ns", played.lateness_ns, json);
    json.member("late", played.late);
  }
  json.member("loops", played.loops);
  json.member("times_backwards", played.schedule.times_backwards);
  json.member("gaps_cut", played.schedule.gaps_cut);
  json.member("end", to_string(played.end));
  write_sides(report, json);
  write_preparation(report.prepared, report.preparation, json);
  json.end_object();
  json.end_document();
}

}  // namespace tapdeck
