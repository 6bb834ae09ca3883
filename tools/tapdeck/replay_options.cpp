#include "tools/tapdeck/replay_options.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "captures/elapsed.h"
#include "tools/clock_time.h"
#include "tools/duration.h"
#include "tools/replay/fitting_options.h"
#include "tools/replay/side_options.h"
#include "tools/tapdeck/moment.h"
#include "tools/tapdeck/rewrite_options.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

struct PaceOption {
  const char* name;
  Pace pace;
  bool takes_rate;
};

constexpr std::array pace_options{
    PaceOption{"speed", Pace::as_captured, true},
    PaceOption{"pps", Pace::frames_per_second, true},
    PaceOption{"mbps", Pace::megabits_per_second, true},
    PaceOption{"top-speed", Pace::top_speed, false},
    PaceOption{"step", Pace::by_key, false},
};

[[noreturn]] void refuse(const std::string& message) { throw Failure(ExitCode::usage, message); }

void choose_pace(const CommandOptions& options, ScheduleOptions& schedule) {
  const char* chosen = nullptr;
  for (const PaceOption& option : pace_options) {
    if (!options.has(option.name)) continue;
    if (chosen != nullptr) {
      refuse(fmt::format("--{} and --{}: packets can have one pace only", chosen, option.name));
    }
    chosen = option.name;
    schedule.pace = option.pace;
    if (option.takes_rate) schedule.rate = parse_rate(option.name, options.value(option.name));
  }
  constexpr double year = 31'557'600;  // seconds
  if (schedule.pace == Pace::frames_per_second && schedule.rate.value() * year < 1) {
    refuse(fmt::format("--pps: {} is less than a packet a year", options.value("pps")));
  }
}

std::optional<std::int64_t> duration_option(const CommandOptions& options, const char* name) {
  if (!options.has(name)) return std::nullopt;
  return parse_duration(name, options.value(name));
}

ScheduleOptions chosen_schedule(const CommandOptions& options) {
  ScheduleOptions schedule;
  choose_pace(options, schedule);
  if (options.has("layer")) {
    const std::string layer = options.value("layer");
    require_one_of("layer", layer, {"1", "2"});
    if (schedule.pace != Pace::megabits_per_second) refuse("--layer goes with --mbps");
    schedule.counts_layer_1 = layer == "1";
  }
  schedule.max_gap_ns = duration_option(options, "max-gap");
  if (schedule.max_gap_ns && schedule.pace != Pace::as_captured) {
    refuse("--max-gap: without the capture's times there are no gaps");
  }
  schedule.loop_pause_ns = duration_option(options, "loop-pause");
  if (!options.has("loop")) options.refuse_any({"loop-pause"}, "goes with --loop");
  return schedule;
}

PlayerOptions chosen_play(const CommandOptions& options) {
  PlayerOptions play;
  play.loops = options.count("loop", 1);
  play.frame_limit = options.count("limit", 0, {.least = 1});
  play.duration_ns = duration_option(options, "duration");
  return play;
}

std::optional<std::int64_t> chosen_start(const CommandOptions& options) {
  constexpr MomentForms moments_to_come{
      .option = "start-at",
      .examples = "2026-01-31T23:59:30Z, 1769903970 (seconds since 1970), +30s, 1m30s (from now)",
      .of_capture = false};
  if (!options.has("start-at")) return std::nullopt;
  const WantedMoment wanted = parse_moment(options.value("start-at"), moments_to_come);
  const std::int64_t now = clock_time_ns(CLOCK_REALTIME);
  const std::int64_t start =
      wanted.kind == WantedMoment::Kind::relative ? added_ns(now, wanted.ns) : wanted.ns;
  if (start < now) refuse("--start-at: that time has passed");
  if (elapsed_ns(now, start) > century_ns) refuse("--start-at: that is more than a century away");
  return start;
}

std::vector<std::string> chosen_interfaces(const CommandOptions& options) {
  std::vector<std::string> interfaces;
  if (options.has("interface")) interfaces.push_back(options.value("interface"));
  if (options.has("server-interface")) {
    if (interfaces.empty()) refuse("-I takes -i for the clients' side");
    interfaces.push_back(options.value("server-interface"));
    if (interfaces.front() == interfaces.back()) refuse("-i and -I name the same interface");
  }
  return interfaces;
}

/// One of an interface, a file and nowhere.
void check_destination(const ReplayOptions& chosen) {
  const bool to_file = !chosen.output.empty();
  const bool nowhere = chosen.method == "null";
  if (to_file && (nowhere || !chosen.interfaces.empty())) {
    refuse("-o writes to a file instead of an interface:\nit goes without -i and --method null");
  }
  if (nowhere && !chosen.interfaces.empty()) refuse("--method null sends nothing: it takes no -i");
  if (!to_file && !nowhere && chosen.interfaces.empty()) {
    refuse("where to? -i IFACE sends by an interface, -o FILE writes to a file");
  }
  if (chosen.json && chosen.output == "-") refuse("-o - and --format json both need stdout");
  const PlayerOptions& play = chosen.play;
  const bool without_end = play.loops == 0 && play.frame_limit == 0 && !play.duration_ns;
  if (without_end && (to_file || chosen.is_trial)) {
    refuse("--loop 0 has no end: limit it by --limit or --duration");
  }
  const bool timeless = to_file || chosen.is_trial;
  if (timeless && chosen.start_at_ns) {
    refuse("--start-at is for sending: -o and --dry-run wait for nothing");
  }
  if (timeless && play.loops == 0 && play.frame_limit == 0 &&
      !Schedule(chosen.schedule).is_paced()) {
    refuse("--loop 0 at top speed has no end without --limit,\nwhere nothing is sent by a clock");
  }
}

/// What has no effect there is a mistake.
void refuse_unfit(const CommandOptions& options, const ReplayOptions& chosen) {
  const bool to_file = !chosen.output.empty();
  if (to_file) options.refuse_any({"method"}, "is a way to an interface, and -o writes to a file");
  if (to_file || chosen.is_trial) {
    options.refuse_any({"timing"}, "is for sending: -o and --dry-run wait for nothing");
  }
  if (chosen.interfaces.empty()) options.refuse_any({"yes-live"}, "goes with -i");
}

/// Without an interface nobody says what link frames are for: they keep theirs, unless something
/// is asked for that is about an interface's.
PreparationOptions chosen_preparation(const CommandOptions& options,
                                      const std::vector<std::string>& interfaces) {
  PreparationOptions preparation{.rules = rewrite_rules(options),
                                 .fitting = fitting_options(options)};
  constexpr std::array about_interfaces{"oversize", "mtu", "ethernet"};
  const bool is_asked =
      std::ranges::any_of(about_interfaces, [&](const char* name) { return options.has(name); });
  if (!is_asked && interfaces.empty()) preparation.fitting.link_type.reset();
  if (interfaces.size() == 2) preparation.unknown_side = unknown_side(options);
  if (interfaces.size() != 2 && options.has("unknown-side")) refuse("--unknown-side goes with -I");
  return preparation;
}

void check_table(const CommandOptions& options, const ReplayOptions& chosen) {
  if (options.has("show-table") && (chosen.json || chosen.output == "-")) {
    refuse("--show-table and what else goes to standard output don't go together");
  }
}

struct FarEndOption {
  const char* name;
  const char* network_namespace;
  const char* sender;
};

constexpr std::array far_end_options{
    FarEndOption{"verify", "verify-netns", "-i"},
    FarEndOption{"verify-server", "verify-server-netns", "-I"},
};

/// One for each interface, as far as they are named; none if none is.
std::vector<ReplayOptions::FarEnd> chosen_far_ends(const CommandOptions& options,
                                                   const ReplayOptions& chosen) {
  std::vector<ReplayOptions::FarEnd> far_ends;
  for (const FarEndOption& option : far_end_options) {
    if (!options.has(option.name)) {
      if (options.has(option.network_namespace)) {
        refuse(fmt::format("--{} goes with --{}", option.network_namespace, option.name));
      }
      continue;
    }
    const auto side = static_cast<std::size_t>(&option - far_end_options.data());
    if (side >= chosen.interfaces.size() || chosen.is_trial) {
      refuse(fmt::format("--{} is where packets arrive that {} sends: there is nothing sent by it",
                         option.name, option.sender));
    }
    far_ends.resize(chosen.interfaces.size());
    far_ends[side] = {.interface = options.value(option.name),
                      .network_namespace = options.value(option.network_namespace)};
  }
  return far_ends;
}

}  // namespace

void declare_replay_options(CommandOptions& options) {
  options.add("interface,i", "IFACE", "send by this interface; with -I: what clients sent");
  options.add("server-interface,I", "IFACE", "send by this one what servers sent");
  options.add("output,o", "FILE",
              "write to FILE (pcap if it ends in .pcap, else pcapng) what would be sent, with "
              "the times at which it would be; with --as: the results");
  options.add("method", "NAME",
              "packet (the default): a packet socket; direct: one that bypasses the interface's "
              "queueing, unseen by tcpdump here; pcap: libpcap; af_xdp: a ring shared with the "
              "kernel; null: nowhere, in the time that it takes");
  options.add("speed", "X", "X times as fast as captured (1)");
  options.add("pps", "N", "N packets a second, 0.5 is one in two seconds");
  options.add("mbps", "N", "N megabits (10^6) a second");
  options.add("layer", "N",
              "what --mbps counts: 2 (the default): frames without check sequence; 1: what the "
              "wire carries, 24 octets more");
  options.add("top-speed", "", "as fast as the interface takes them");
  options.add("step", "", "a packet a key");
  options.add("timing", "NAME",
              "normal (the default): sleep until shortly before; precise: don't sleep for less "
              "than half a second, which takes a processor of its own");
  options.add("loop", "N", "send all N times; 0: until stopped");
  options.add("loop-pause", "TIME", "wait so long between loops (2, 20ms, 5m)");
  options.add("limit", "N", "stop after N packets were sent");
  options.add("duration", "TIME", "stop after so long");
  options.add("max-gap", "TIME", "wait no longer than this between two packets");
  options.add("start-at", "TIME", "send the first packet then: 2026-01-31T23:59:30Z, +30s");
  options.add("preload", "SIZE",
              "prepare packets ahead in so much memory (512M); what fits whole is prepared once");
  add_fitting_options(options);
  add_side_options(options);
  add_rewrite_options(options);
  options.add(
      "verify", "IFACE",
      "capture at the far interface meanwhile, and compare what arrives with what was sent");
  options.add("verify-netns", "NAME", "the network namespace in which that interface is");
  options.add("verify-server", "IFACE", "likewise at the far end of -I");
  options.add("verify-server-netns", "NAME", "the network namespace in which that one is");
  options.add("dry-run", "", "say what would be sent, and send nothing");
  options.add("yes-live", "", "send by an interface that carries the default route");
  options.add("format", "NAME", "of the statistics: text on stderr (the default), json on stdout");
}

ReplayOptions replay_options(const CommandOptions& options) {
  ReplayOptions chosen;
  chosen.schedule = chosen_schedule(options);
  chosen.play = chosen_play(options);
  chosen.start_at_ns = chosen_start(options);
  chosen.interfaces = chosen_interfaces(options);
  chosen.method = options.value("method", "packet");
  require_one_of("method", chosen.method, {"packet", "direct", "pcap", "af_xdp", "null"});
  chosen.output = options.value("output");
  chosen.is_trial = options.has("dry-run");
  chosen.may_be_live = options.has("yes-live");
  const std::string timing = options.value("timing", "normal");
  require_one_of("timing", timing, {"normal", "precise"});
  chosen.never_sleeps = timing == "precise";
  chosen.memory_octets = parse_size("preload", options.value("preload", "512M"));
  const std::string format = options.value("format", "text");
  require_one_of("format", format, {"text", "json"});
  chosen.json = format == "json";
  chosen.quiet = options.quiet();
  check_destination(chosen);
  refuse_unfit(options, chosen);
  chosen.preparation = chosen_preparation(options, chosen.interfaces);
  chosen.may_skip_truncated = options.has("truncated");
  chosen.may_skip_oversize = options.has("oversize");
  chosen.far_ends = chosen_far_ends(options, chosen);
  check_table(options, chosen);
  chosen.from = options.input();
  return chosen;
}

}  // namespace tapdeck
