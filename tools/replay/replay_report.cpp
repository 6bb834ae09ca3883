#include "tools/replay/replay_report.h"

#include <cstring>

#include <fmt/format.h>

#include "analyzer/report/page.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "tools/replay/preparation_report.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr double per_megabit = 1e6;

std::string packets(std::uint64_t count) { return count_of(count, "packet"); }

std::string rate_line(const PlayStatistics& played, const ScheduleOptions& asked) {
  const AchievedRate rate = achieved_rate(played);
  return report_line(
      "rate", fmt::format("{} packets/s, {} Mbit/s of layer 2; asked: {}",
                          rate_text(rate.packets_per_second, 1),
                          rate_text(rate.bits_per_second / per_megabit, 3), pace_text(asked)));
}

std::string lateness_line(const PlayStatistics& played) {
  const Histogram& late = played.lateness_ns;
  if (late.count() == 0) return {};
  return report_line(
      "lateness", fmt::format("p50 {}, p99 {}, p99.9 {}, max {}; {} later than {}",
                              duration_text(late.quantile(0.5)), duration_text(late.quantile(0.99)),
                              duration_text(late.quantile(0.999)), duration_text(late.max()),
                              packets(played.late), duration_text(PlayStatistics::late_ns)));
}

std::string failure_lines(const PlayStatistics& played) {
  std::string text;
  for (const auto& [error, count] : played.failed) {
    text += report_line("not sent", fmt::format("{}: {} ({})", packets(count), std::strerror(error),
                                                errno_name(error)));
  }
  return text;
}

std::string schedule_lines(const ScheduleCounts& counts) {
  std::string text;
  if (counts.times_backwards != 0) {
    text += report_line("times", packets(counts.times_backwards) +
                                     " with a time before that of an earlier one: sent at once");
  }
  if (counts.gaps_cut != 0) {
    text += report_line("gaps", count_of(counts.gaps_cut, "gap") + " cut to --max-gap");
  }
  return text;
}

/// Others may send by the interface too, so more than was handed to it is nothing wrong.
std::string counter_line(const ReplaySide& side, std::uint64_t sent) {
  if (!side.counted_frames) return {};
  const std::uint64_t counted = *side.counted_frames;
  std::string text = fmt::format("{} counted {} sent", shown(side.name), packets(counted));
  if (counted < sent) text += fmt::format(": {} fewer than it took", count_text(sent - counted));
  if (counted > sent) text += fmt::format(": {} more, others sent too", count_text(counted - sent));
  return report_line("checked", text);
}

/// Packets that can't be made to fit, unless the user wants such skipped.
std::uint64_t unasked_skips(const ReplayReport& report) {
  const FittingCounts& fitted = report.prepared.fitted;
  std::uint64_t skips = fitted.skipped_for(Unfit::too_short) + fitted.skipped_for(Unfit::no_form);
  if (!report.may_skip_truncated) skips += fitted.skipped_for(Unfit::truncated);
  if (!report.may_skip_oversize) {
    skips += fitted.skipped_for(Unfit::prohibited) + fitted.skipped_for(Unfit::unsegmented);
  }
  return skips;
}

std::string_view end_text(PlayEnd end) {
  switch (end) {
    case PlayEnd::complete:
    case PlayEnd::limit:
    case PlayEnd::duration:
      return {};
    case PlayEnd::stopped:
      return "stopped";
    case PlayEnd::broken:
      return "ended early: the interface takes nothing more";
    case PlayEnd::beyond_century:
      return "ended early: the next packet would be due in more than a century";
  }
  return {};
}

}  // namespace

std::string report_line(std::string_view name, const std::string& text) {
  constexpr std::size_t name_columns = 12;
  std::string lines;
  std::string before = fmt::format("  {:<10}", name);
  for (const std::string& line : wrap(text, Page::least_width - name_columns, 0)) {
    lines += before + line + '\n';
    before.assign(name_columns, ' ');
  }
  return lines;
}

std::string pace_text(const ScheduleOptions& options) {
  switch (options.pace) {
    case Pace::as_captured:
      return options.rate.numerator == options.rate.denominator
                 ? "as captured"
                 : to_string(options.rate) + " times as fast as captured";
    case Pace::frames_per_second:
      return to_string(options.rate) + " packets/s";
    case Pace::megabits_per_second:
      return fmt::format("{} Mbit/s of layer {}", to_string(options.rate),
                         options.counts_layer_1 ? 1 : 2);
    case Pace::top_speed:
      return "top speed";
    case Pace::by_key:
      return "a packet a key";
  }
  return "invalid";
}

std::string play_text(const PlayStatistics& played, const ScheduleOptions& asked,
                      bool is_timeless) {
  const TransmitCounts sent = played.sent();
  std::string text =
      fmt::format("sent {}, {}, in {}\n", packets(sent.frames), count_of(sent.octets, "octet"),
                  duration_text(played.duration_ns()));
  if (played.now_ns < played.start_ns) {
    text += report_line("start", "not yet: the first packet is due in " +
                                     duration_between(played.now_ns, played.start_ns));
  }
  text += rate_line(played, asked);
  if (!is_timeless) text += lateness_line(played);
  if (sent.retried != 0) {
    text += report_line("retried", count_of(sent.retried, "time") + " for want of room");
  }
  if (sent.held_back != 0) {
    text += report_line("held back", count_of(sent.held_back, "octet") +
                                         " of memory, in the interface's queue when the wait for "
                                         "it ended");
  }
  return text + failure_lines(played);
}

std::string replay_text(const ReplayReport& report) {
  std::string text = play_text(report.played, report.asked, report.is_timeless);
  text += schedule_lines(report.played.schedule);
  for (const std::string& sentence : preparation_sentences(report.prepared, report.preparation)) {
    text += report_line("packets", sentence);
  }
  for (std::size_t i = 0; i < report.sides.size(); ++i) {
    text += counter_line(report.sides[i], report.played.sides[i].frames);
  }
  for (const ReplaySide& side : report.sides) {
    if (!side.verified) continue;
    if (report.sides.size() > 1) text += report_line("far end", "of " + shown(side.name));
    text += verified_text(*side.verified);
  }
  const std::string_view end = end_text(report.played.end);
  if (!end.empty()) text += report_line("end", std::string(end));
  return text;
}

ExitCode exit_code_of(const ReplayReport& report) {
  const PlayStatistics& played = report.played;
  bool is_short = (played.sent().frames == 0 && report.may_hold_packets) ||
                  played.failed_frames() != 0 || unasked_skips(report) != 0 ||
                  played.end == PlayEnd::beyond_century;
  for (std::size_t i = 0; i < report.sides.size(); ++i) {
    const auto counted = report.sides[i].counted_frames;
    if (counted && *counted < played.sides[i].frames) is_short = true;
  }
  if (is_short) return ExitCode::unwritable_output;
  bool is_other = false;
  for (const ReplaySide& side : report.sides) {
    if (!side.verified || side.verified->matched.is_equal()) continue;
    if (side.verified->dropped_by_capture != 0) return ExitCode::packets_dropped;
    is_other = true;
  }
  return is_other ? ExitCode::findings : ExitCode::fine;
}

}  // namespace tapdeck
