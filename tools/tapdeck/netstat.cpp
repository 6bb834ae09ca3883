// tapdeck netstat: the table of connections at any moment of a capture.
#include "analyzer/netstat/netstat.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/netstat_table.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/confinement/sandbox.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/moment.h"
#include "tools/tapdeck/netstat_options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/terminal.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Prints the table of connections as netstat would have at any moment of a capture.\n"
    "A state is what the packets until then show of the local end; TIME_WAIT ends after\n"
    "60 s, and who no longer repeats an unanswered SYN or FIN has given up. Send-Q is what\n"
    "was sent and not acknowledged; what waits in queues otherwise, and which program, no\n"
    "packet tells.\n\n"
    "FILE is a pcap or pcapng file, plain or compressed (gz, zst, lz4), a directory of\n"
    "them, or - for standard input. FILTER is a BPF expression as tcpdump takes it: the\n"
    "words behind the last FILE.";

void say_guess(const LocalGuess& guess) {
  std::vector<std::string> hosts;
  for (const Network& host : guess.hosts) hosts.push_back(to_string(host));
  if (hosts.empty()) {
    complain("no packet until then tells of a host");
  } else if (guess.by_capture) {
    complain(fmt::format("the table of {}, where the capture was made; --local chooses another",
                         fmt::join(hosts, ", ")));
  } else {
    complain(fmt::format("the table of {}, in {} of {}; --local chooses another",
                         fmt::join(hosts, ", "), count_text(guess.conversations),
                         count_of(guess.all_conversations, "conversation")));
  }
}

/// Where the moment lies, if not within the capture.
void say_moment(const MomentGate& gate, const Netstat& netstat) {
  constexpr unsigned digits = 9;
  const auto moment = gate.time_ns();
  if (!moment || !gate.first_ns()) return;
  if (*moment < *gate.first_ns()) {
    complain(fmt::format("the capture begins only at {}", rfc3339(*gate.first_ns(), digits)));
  } else if (!gate.is_past() && *moment > netstat.latest_ns()) {
    complain(
        fmt::format("the last packet before that is of {}", rfc3339(netstat.latest_ns(), digits)));
  }
}

class TableWriter {
 public:
  TableWriter(const CommandOptions& options, const std::vector<CaptureInfo>& inputs,
              FileOpener& opener)
      : x_view(chosen_view(options)),
        x_is_json(options.value("format", "text") == "json"),
        x_style(style_for(look_at_terminal(), options.color(), options.has("output"))),
        x_output(options.value("output"), opener, inputs) {}

  void write(const ConnectionTable& table) {
    if (x_is_json) {
      JsonOutput json(x_output, JsonLayout::indented);
      write_netstat_json(table, x_view, json);
    } else {
      write_netstat_text(table, x_view, x_style, x_output);
    }
  }
  void close() { x_output.close(); }

 private:
  NetstatView x_view;
  bool x_is_json;
  Style x_style;
  Output x_output;
};

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

ExitCode run_on_captures(const CommandOptions& options) {
  MomentGate gate(parse_moment(options.value("at", "end")));
  std::vector<Network> local;
  if (options.has("local")) local = parse_networks(options.value("local"));
  Sandbox sandbox(options);
  Input input(options.input(), options.quiet(), sandbox);
  sandbox.will_write(options.value("output"));
  sandbox.enter();
  input.open();
  Netstat netstat;
  read_until(input, gate, netstat);
  if (input.nothing_readable()) return input.finish();
  LocalGuess guess;
  if (local.empty()) {
    guess = netstat.guess();
    local = guess.hosts;
  }
  const std::int64_t now_ns = gate.time_ns().value_or(netstat.latest_ns());
  const ConnectionTable table = netstat.table(local, now_ns, input.source().captures());
  TableWriter writer(options, input.source().captures(), sandbox);
  writer.write(table);
  writer.close();
  const ExitCode code = input.finish();
  if (!options.quiet()) {
    if (!options.has("local")) say_guess(guess);
    say_moment(gate, netstat);
  }
  if (table.left_out != 0) {
    complain(fmt::format("{} were left out: too many hosts or sockets",
                         count_of(table.left_out, "detail")));
  }
  return code;
}

}  // namespace

ExitCode run_netstat(const Arguments& arguments) {
  CommandOptions options("netstat", "FILE... [FILTER] [options]", help);
  declare_netstat(options);
  if (!options.parse(with_p_resolved(arguments))) return ExitCode::fine;
  require_one_of("format", options.value("format", "text"), {"text", "json"});
  (void)chosen_view(options);  // refuses what doesn't go together before anything is read
  return run_on_captures(options);
}

}  // namespace tapdeck
