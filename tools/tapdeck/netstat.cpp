// tapdeck netstat: the table of connections at any moment of a capture.
#include "analyzer/netstat/netstat.h"

#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/page.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/confinement/sandbox.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/moment.h"
#include "tools/tapdeck/netstat_live.h"
#include "tools/tapdeck/netstat_options.h"
#include "tools/tapdeck/netstat_output.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Prints the table of connections: as netstat would have at any moment of a capture, or\n"
    "as this host's kernel has it now. With -i the wire's view of each connection stands\n"
    "beside the kernel's, with a * where they differ.\n\n"
    "Of a capture, a state is what the packets until then show of the local end; TIME_WAIT\n"
    "ends after 60 s, and who no longer repeats an unanswered SYN or FIN has given up.\n"
    "Send-Q is then what was sent and not acknowledged; what else waits in queues, and\n"
    "which program, no packet tells.\n\n"
    "FILE is a pcap or pcapng file, plain or compressed (gz, zst, lz4), a directory of\n"
    "them, or - for standard input. FILTER is a BPF expression as tcpdump takes it: the\n"
    "words behind the last FILE.";

void say(const std::string& sentence) {
  constexpr std::string_view before = "tapdeck: ";
  complain(fmt::format("{}", fmt::join(wrap(sentence, Style{}.width - before.size(), 0), "\n")));
}

std::string names_of(const std::vector<Network>& hosts) {
  std::vector<std::string> names;
  for (const Network& host : hosts) names.push_back(to_string(host));
  return fmt::format("{}", fmt::join(names, ", "));
}

void say_guess(const LocalGuess& guess) {
  if (guess.hosts.empty()) {
    say("no packet until then tells of a host");
  } else if (guess.by_capture) {
    say(fmt::format("the table of {}, where the capture was made; --local changes it",
                    names_of(guess.hosts)));
  } else {
    say(fmt::format("the table of {}, in {} of {}; --local changes it", names_of(guess.hosts),
                    count_text(guess.conversations),
                    count_of(guess.all_conversations, "conversation")));
  }
}

void say_unseen(const std::vector<Network>& unseen) {
  if (!unseen.empty()) say(fmt::format("no packet until then is of {}", names_of(unseen)));
}

/// Where the moment lies, if not within the capture.
void say_moment(const WantedMoment& wanted, const MomentGate& gate, const Netstat& netstat,
                const std::vector<CaptureInfo>& captures) {
  constexpr unsigned digits = 9;
  std::uint64_t packets = 0;
  for (const CaptureInfo& capture : captures) packets += capture.packets;
  if (wanted.kind == WantedMoment::Kind::frame && wanted.frame > packets) {
    say(fmt::format("there is no frame {}: {} read", count_text(wanted.frame),
                    packets == 1 ? "1 was" : count_text(packets) + " were"));
  }
  const auto moment = gate.time_ns();
  if (!moment || !gate.first_ns()) return;
  if (*moment < *gate.first_ns()) {
    say(fmt::format("the capture begins only at {}", rfc3339(*gate.first_ns(), digits)));
  } else if (!gate.has_later() && *moment > netstat.latest_ns()) {
    say(fmt::format("the last packet before that is of {}", rfc3339(netstat.latest_ns(), digits)));
  }
}

void read_until(Input& input, MomentGate& gate, Netstat& netstat) {
  PacketBatch batch;
  while (!gate.is_past() && input.next(batch)) {
    for (const Packet& packet : batch.packets) {
      if (gate.admits(packet)) netstat.add(packet);
    }
    netstat.release_batch();
  }
  netstat.conclude();
}

void require_fitting(const CommandOptions& options, bool is_live) {
  const auto refuse = [&](const char* name, const char* with) {
    if (!options.has(name)) return;
    throw Failure(ExitCode::usage, fmt::format("--{} goes with {}", name, with));
  };
  if (is_live) refuse("at", "a capture: name its file");
  if (is_live && !options.words().empty() && looks_like_file(options.words().front())) {
    throw Failure(ExitCode::usage, fmt::format("-i captures now: {} can't be read at the same time",
                                               shown(options.words().front())));
  }
  if (is_live) refuse("read", "a capture alone: leave -i out");
  if (is_live && !options.has("interface")) {
    refuse("local", "a capture");
    refuse("filter", "a capture");
    refuse("count", "a capture or -i INTERFACE");
    refuse("names", "a capture");
    if (!options.has("watch")) refuse("duration", "--watch or -i INTERFACE");
  }
  if (is_live) return;
  refuse("watch", "this host's own table");
  refuse("duration", "--watch or -i INTERFACE");
}

ExitCode run_on_captures(const CommandOptions& options) {
  constexpr MomentForms moments_of_capture{
      .option = "at",
      .examples =
          "2024-02-29T23:59:59.5Z, 1709251199.5 (seconds since 1970), +12.5s or 1m30s\n"
          "(since the first packet), frame:1234, end"};
  const WantedMoment wanted = parse_moment(options.value("at", "end"), moments_of_capture);
  MomentGate gate(wanted);
  std::vector<Network> local;
  if (options.has("local")) local = parse_networks(options.value("local"));
  Sandbox sandbox(options);
  Input input(options.input(), options.quiet(), sandbox);
  sandbox.will_write(options.value("output"));
  sandbox.enter();
  input.open(WhenInterrupted::ends_reading);
  if (!input.readable()) return input.finish();
  Netstat netstat;
  read_until(input, gate, netstat);
  LocalGuess guess;
  if (local.empty()) {
    guess = netstat.guess();
    local = guess.hosts;
  }
  const std::int64_t now_ns = gate.time_ns().value_or(netstat.latest_ns());
  const ConnectionTable table = netstat.table(local, now_ns, input.source().captures());
  NetstatOutput output(options, input.source().captures(), sandbox);
  output.write(table);
  output.close();
  const ExitCode code = input.finish();
  if (!options.quiet()) {
    if (!options.has("local")) say_guess(guess);
    if (options.has("local")) say_unseen(netstat.unseen(local));
    say_moment(wanted, gate, netstat, input.source().captures());
  }
  say_left_out(table);
  return code;
}

}  // namespace

ExitCode run_netstat(const Arguments& arguments) {
  CommandOptions options("netstat", "[FILE... | -i INTERFACE] [FILTER] [options]", help);
  declare_netstat(options);
  if (!options.parse(with_p_resolved(arguments))) return ExitCode::fine;
  require_one_of("format", options.value("format", "text"), {"text", "json"});
  (void)chosen_view(options);  // refuses what doesn't go together before anything is read
  const bool has_captures = options.has("read") || !options.words().empty();
  const bool is_live = options.has("interface") || !has_captures;
  require_fitting(options, is_live);
  if (!is_live) return run_on_captures(options);
  return options.has("interface") ? run_netstat_live(options) : run_netstat_kernel(options);
}

}  // namespace tapdeck
