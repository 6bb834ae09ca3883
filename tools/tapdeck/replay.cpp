// tapdeck replay: sends captures again, and says what became of every packet.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "analyzer/report/page.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "captures/transmit/network_interface.h"
#include "tools/clock_time.h"
#include "tools/replay/outlets.h"
#include "tools/replay/play_plan.h"
#include "tools/replay/play_watch.h"
#include "tools/replay/replay_report.h"
#include "tools/replay/step_keys.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/confinement/sandbox.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/packet_file.h"
#include "tools/tapdeck/replay_options.h"
#include "tools/tapdeck/replay_stateful.h"
#include "tools/tapdeck/rewrite_options.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Sends captures again: with their own timing, at a rate, or as fast as the interface\n"
    "takes them. Each packet has its place on one schedule, so that being late once makes\n"
    "nothing else late. What was not sent is counted, with the reason.\n\n"
    "FILE is a pcap or pcapng file, plain or compressed (gz, zst, lz4), a directory of\n"
    "them, or - for standard input; several are merged by time. FILTER is a BPF\n"
    "expression as tcpdump takes it: the words behind the last FILE.\n\n"
    "SIGUSR1 prints statistics; Ctrl-C ends with them, a second one at once.";

/// Of two interfaces, frames must fit both.
const PreparationOptions& fit_to_interfaces(ReplayOptions& options) {
  PreparationOptions& preparation = options.preparation;
  std::optional<LinkType> link_type;
  for (const std::string& name : options.interfaces) {
    const NetworkInterface interface = find_network_interface(name);
    FittingOptions& fitting = preparation.fitting;
    if (link_type && *link_type != interface.link_type) {
      throw Failure(ExitCode::usage, "-i and -I take frames of different kinds");
    }
    link_type = fitting.link_type = interface.link_type;
    fitting.mtu = fitting.mtu == 0 ? interface.mtu : std::min(fitting.mtu, interface.mtu);
  }
  return preparation;
}

class Replay {
 public:
  Replay(const CommandOptions& command, ReplayOptions options)
      : x_command(command),
        x_options(std::move(options)),
        x_sandbox(command),
        x_watch(
            x_controls,
            [this](const PlayStatistics& played) { return play_text(played, x_options.schedule); },
            !x_options.quiet),
        x_preparer(x_options.from, fit_to_interfaces(x_options), x_sandbox) {}

  ExitCode run() {
    open_clock();
    open_outlets();
    open_verifiers();
    open_keys();
    give_up_rights();
    if (to_file()) {
      if (!x_preparer.readable()) return x_preparer.finish();
      x_outlets.open_file(x_options.output, x_preparer.captures(), x_sandbox, x_preparer.lengths(),
                          x_preparer.interface_texts());
    }
    std::optional<FrameFeed> feed(std::in_place, x_preparer.maker(), x_options.memory_octets,
                                  x_options.play.loops != 1,
                                  to_file() ? FrameFeed::Thread::callers : FrameFeed::Thread::own);
    if (!x_preparer.reads_while_it_comes()) feed->wait_until_ahead(x_controls.stop);
    const PlayPlan plan = look_ahead(*feed);
    if (!x_options.quiet) announce(plan);
    PlayStatistics played = play(*feed, plan);
    if (played.end != PlayEnd::complete && x_preparer.reads_while_it_comes() && !feed->stop()) {
      // The thread that reads may wait for ever, for a pipe that gives nothing more.
      const ExitCode result = report(std::move(played), ExitCode::fine, true);
      std::fflush(nullptr);
      std::_Exit(static_cast<int>(result));
    }
    feed.reset();
    const ExitCode read = x_preparer.finish();
    const ExitCode result = report(std::move(played), read, hold_packets(x_preparer.captures()));
    if (x_preparer.rewriter().has_rules()) report_rewriting(x_command, x_preparer.rewriter());
    return result;
  }

 private:
  [[nodiscard]] bool is_timeless() const { return x_options.is_trial || to_file(); }
  [[nodiscard]] bool to_file() const { return !x_options.output.empty(); }
  [[nodiscard]] bool is_copy() const;
  void open_clock();
  void open_outlets();
  void open_verifiers();
  void open_keys();
  void give_up_rights();
  PlayPlan look_ahead(FrameFeed& feed) const;
  void announce(const PlayPlan& plan) const;
  [[nodiscard]] std::string destination() const;
  PlayerOptions player_options();
  void verify_from(PlayerOptions& options);
  PlayStatistics play(FrameFeed& feed, const PlayPlan& plan);
  ExitCode report(PlayStatistics played, ExitCode input, bool may_hold_packets);

  const CommandOptions& x_command;
  ReplayOptions x_options;
  Sandbox x_sandbox;
  PlayerControls x_controls;
  PlayWatch x_watch;  // before every other thread, which it shields from signals
  FramePreparer x_preparer;
  std::unique_ptr<Clock> x_clock;
  Outlets x_outlets;
  std::optional<StepKeys> x_keys;
  std::vector<std::unique_ptr<Verifier>> x_verifiers;  // by side; null: nobody looks there
};

/// A file gets the packets with the times that they have in the capture.
bool Replay::is_copy() const {
  const ScheduleOptions& schedule = x_options.schedule;
  return to_file() && schedule.pace == Pace::as_captured &&
         schedule.rate.numerator == schedule.rate.denominator && x_options.play.loops == 1 &&
         !schedule.max_gap_ns;
}

void Replay::open_clock() {
  if (is_timeless()) {
    x_clock = std::make_unique<JumpingClock>();
    return;
  }
  x_clock = std::make_unique<SystemClock>(
      x_options.never_sleeps ? SystemClock::Waiting::hardly_sleeps : SystemClock::Waiting::sleeps);
}

void Replay::open_outlets() {
  if (to_file()) {
    x_sandbox.will_write(x_options.output);
  } else if (x_options.is_trial || x_options.method == "null") {
    std::vector<std::string> names = x_options.interfaces;
    if (names.empty()) names.emplace_back("nowhere");
    x_outlets.open_nowhere(names);
  } else {
    x_outlets.open_interfaces(x_options.interfaces, x_options.method, x_options.may_be_live);
  }
}

void Replay::open_verifiers() {
  for (std::size_t side = 0; side < x_options.far_ends.size(); ++side) {
    const auto& [interface, network_namespace] = x_options.far_ends[side];
    x_verifiers.push_back(interface.empty()
                              ? nullptr
                              : std::make_unique<Verifier>(VerifierOptions{
                                    .interface = interface,
                                    .sender = x_options.interfaces[side],
                                    .network_namespace = network_namespace,
                                    .times_matter = Schedule(x_options.schedule).is_paced()}));
  }
}

void Replay::open_keys() {
  if (x_options.schedule.pace != Pace::by_key) return;
  const std::vector<std::string>& paths = x_options.from.paths;
  const bool input_is_stdin = std::ranges::find(paths, "-") != paths.end();
  x_keys.emplace(input_is_stdin, x_options.quiet);
}

/// Everything is open but the files, which come from the broker.
void Replay::give_up_rights() {
  SocketRights sockets{.only_read = {}, .sent_on = x_outlets.descriptors()};
  for (const auto& verifier : x_verifiers) {
    if (verifier) sockets.only_read.push_back(verifier->descriptor());
  }
  // Without rights as much memory can be locked as those allow who have them still.
  constexpr rlimit no_limit{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  if (!is_timeless()) ::setrlimit(RLIMIT_MEMLOCK, &no_limit);
  x_sandbox.enter(sockets);
  x_watch.start();
  for (const auto& verifier : x_verifiers) {
    if (verifier) verifier->start();
  }
  x_preparer.open();
}

PlayPlan Replay::look_ahead(FrameFeed& feed) const {
  const auto* const chunks = feed.whole();
  if (chunks == nullptr) return {};
  const PlayPlan plan = plan_of(*chunks, x_options.schedule, x_options.play);
  if (plan.beyond_century) {
    throw Failure(ExitCode::usage,
                  fmt::format("{}, the last packet would be due\nmore than a century after "
                              "the first: another pace, --max-gap, --limit or\n--duration "
                              "helps",
                              pace_text(x_options.schedule)));
  }
  return plan;
}

std::string Replay::destination() const {
  if (to_file()) return x_options.output == "-" ? "standard output" : x_options.output;
  if (x_options.interfaces.empty()) return "nowhere";
  std::string text = shown(x_options.interfaces.front());
  if (x_options.interfaces.size() == 2) {
    text += " (clients) and " + shown(x_options.interfaces.back()) + " (servers)";
  }
  return text;
}

void Replay::announce(const PlayPlan& plan) const {
  const std::vector<std::string>& paths = x_options.from.paths;
  std::string what = shown(paths.front());
  if (paths.size() > 1) what += fmt::format(" and {}", count_of(paths.size() - 1, "more input"));
  if (plan.frames != 0) {
    what += fmt::format(" ({}, {})", count_of(plan.frames, "packet"), bytes_text(plan.octets));
  }
  const std::string verb = x_options.is_trial ? "would send" : "sending";
  const std::string first = fmt::format("tapdeck: {} {}", verb, what);
  std::string second = fmt::format("to {}, {}", destination(), pace_text(x_options.schedule));
  if (plan.duration_ns != 0) second += ", for " + duration_text(plan.duration_ns);
  const bool fits = first.size() + second.size() < Page::least_width;
  fmt::print(stderr, "{}{}{}\n", first, fits ? " " : "\n  ", second);
}

PlayerOptions Replay::player_options() {
  PlayerOptions options = x_options.play;
  const bool is_paced = Schedule(x_options.schedule).is_paced();
  options.stamps_places = to_file() && is_paced && !is_copy();
  if (x_options.start_at_ns && !is_timeless()) {
    const std::int64_t time = clock_time_ns(CLOCK_REALTIME);
    options.start_ns = x_clock->now() + (*x_options.start_at_ns - time);
  }
  if (!x_verifiers.empty()) verify_from(options);
  if (x_keys) {
    x_keys->begin();
    options.may_send = [this](const Packet& next) {
      return x_keys->wait_for_key(next, x_controls.stop);
    };
  }
  return options;
}

void Replay::verify_from(PlayerOptions& options) {
  constexpr std::int64_t run_up_ns = 50'000'000;
  if (!options.start_ns) options.start_ns = x_clock->now() + run_up_ns;
  for (const auto& verifier : x_verifiers) {
    if (verifier) verifier->begin(*options.start_ns);
  }
  options.on_sent = [this](std::size_t side, std::span<const Packet> frames,
                           std::span<const std::int64_t> places_ns) {
    if (x_verifiers[side]) x_verifiers[side]->sent(frames, places_ns);
  };
}

PlayStatistics Replay::play(FrameFeed& feed, const PlayPlan& plan) {
  Player player(player_options(), x_options.schedule, *x_clock, x_outlets.transmitters(),
                x_controls);
  // As far as the system lets: memory that must be fetched first makes a packet late.
  if (!is_timeless()) ::mlockall(MCL_CURRENT | MCL_ONFAULT);
  x_watch.begin(plan);
  PlayStatistics played;
  while_somebody_reads(x_options.output, [&] { played = player.play(feed); });
  x_watch.end();
  x_keys.reset();
  return played;
}

ExitCode Replay::report(PlayStatistics played, ExitCode input, bool may_hold_packets) {
  ReplayReport report{.asked = x_options.schedule,
                      .sides = x_outlets.sides(),
                      .preparation = x_options.preparation,
                      .prepared = x_preparer.counts(),
                      .played = std::move(played),
                      .may_skip_truncated = x_options.may_skip_truncated,
                      .may_skip_oversize = x_options.may_skip_oversize,
                      .may_hold_packets = may_hold_packets,
                      .is_timeless = is_timeless()};
  for (std::size_t side = 0; side < x_verifiers.size(); ++side) {
    if (x_verifiers[side]) report.sides[side].verified = x_verifiers[side]->finish();
  }
  if (!x_options.quiet) fmt::print(stderr, "{}", replay_text(report));
  if (x_options.json) {
    Output output;
    JsonOutput json(output, JsonLayout::indented);
    write_replay_json(report, json);
    output.close();
  }
  const bool nothing_read = report.prepared.packets == 0 && !x_preparer.reads_while_it_comes();
  if (nothing_read && !x_options.quiet) {
    if (const std::string hint = x_preparer.filter_hint(); !hint.empty()) complain(hint);
  }
  if (report.played.sent().frames == 0) complain("no packet was sent");
  if (report.played.end == PlayEnd::stopped && x_sandbox.has_lost_broker()) {
    complain("the replay ends early: the process that keeps the rights was ended");
    input = ExitCode::no_permission;
  }
  return weightier(input, exit_code_of(report));
}

}  // namespace

ExitCode run_replay(const Arguments& arguments) {
  CommandOptions options("replay", "FILE... [FILTER] -i IFACE|--as SIDE [options]",
                         fmt::format("{}\n\n{}", help, stateful_replay_help));
  declare_replay_options(options);
  declare_stateful_replay(options);
  options.add_input();
  if (!options.parse(arguments)) return ExitCode::fine;
  if (wants_stateful_replay(options)) return run_stateful_replay(options);
  return Replay(options, replay_options(options)).run();
}

}  // namespace tapdeck
