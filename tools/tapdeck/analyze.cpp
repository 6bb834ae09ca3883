// tapdeck analyze: the report of captures, in any format.
#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "analyzer/analysis.h"
#include "analyzer/anomalies/family.h"
#include "analyzer/report/writer.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/memory_budget.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/terminal.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Reads captures and reports what they hold: how far they can be trusted, totals,\n"
    "every connection with its handshake, states and end, and what went wrong.\n\n"
    "FILE is a pcap or pcapng file, plain or compressed (gz, zst, lz4), a directory of\n"
    "them, or - for standard input. FILTER is a BPF expression as tcpdump takes it: the\n"
    "words behind the last FILE.";

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const ReportFormat& format : report_formats()) names.emplace_back(format.name);
  return names;
}

std::string format_help() {
  std::string text = "the report's format:";
  for (const ReportFormat& format : report_formats()) {
    text += fmt::format("\n{}:\t{}", format.name, format.help);
  }
  return text;
}

constexpr std::array severities{Severity::info, Severity::note, Severity::warning, Severity::error};

/// Empty: whatever is found is fine.
std::optional<Severity> chosen_severity(const CommandOptions& options) {
  if (!options.has("fail-on")) return std::nullopt;
  const std::string name = options.value("fail-on");
  std::vector<std::string> names;
  for (const Severity severity : severities) names.emplace_back(to_string(severity));
  require_one_of("fail-on", name, names);
  return *std::ranges::find(severities, name,
                            [](Severity severity) { return to_string(severity); });
}

ExitCode findings(const Analysis& analysis, std::optional<Severity> fail_on) {
  if (!fail_on) return ExitCode::fine;
  for (const Severity severity : severities) {
    const bool found = analysis.anomalies()[static_cast<std::size_t>(severity)] != 0;
    if (severity >= *fail_on && found) return ExitCode::findings;
  }
  return ExitCode::fine;
}

unsigned chosen_threads(const CommandOptions& options) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::uint64_t threads = options.count("threads", cores);
  if (threads == 0) throw Failure(ExitCode::usage, "--threads wants a number from 1 up");
  return static_cast<unsigned>(std::min<std::uint64_t>(threads, 1024));
}

const ReportFormat& chosen_format(const CommandOptions& options) {
  const std::string name = options.value("format", "text");
  require_one_of("format", name, format_names());
  if (name != "text") options.refuse_any({"top"}, "goes with --format text: others list all");
  return *find_report_format(name);
}

}  // namespace

ExitCode run_analyze(const Arguments& arguments) {
  CommandOptions options("analyze", "FILE... [FILTER] [options]", help);
  options.add("format", "NAME", format_help().c_str());
  options.add("output,o", "FILE", "write the report to FILE instead of standard output");
  options.add("top", "N", "list the N busiest connections in text (20; 0: all)");
  options.add("fail-on", "SEVERITY",
              "exit with 6 if an anomaly is at least this severe: info, note, warning, error");
  options.add("threads", "N", "work with N threads (as many as the machine has cores)");
  options.add("memory-budget", "SIZE",
              "keep to SIZE of memory (256M is enough for most): of what is open, the least "
              "missed is given up early and counted");
  options.add("vlans", "", "tell connections apart by their VLAN ids too");
  options.add_input();
  if (!options.parse(arguments)) return ExitCode::fine;

  const ReportFormat& format = chosen_format(options);
  const std::optional<Severity> fail_on = chosen_severity(options);
  const InputOptions from = options.input();
  Style style = style_for(look_at_terminal(), options.color(), options.has("output"));
  style.top = options.count("top", style.top);
  AnalysisOptions how;
  how.tracker.threads = chosen_threads(options);
  how.tracker.limits.early_packets = EarlyPackets::bound;
  if (options.has("memory-budget")) {
    keep_to_budget(options.value("memory-budget"), how.tracker.limits);
  }
  how.tracker.vlans_in_key = options.has("vlans");
  how.filtered = !from.source.filter.empty();
  Sandbox sandbox(options);
  Input input(from, options.quiet(), sandbox);
  sandbox.will_write(options.value("output"));
  sandbox.enter();
  input.open(WhenInterrupted::ends_reading);
  if (!input.readable()) return input.finish();
  Output output(options.value("output"), sandbox, input.source().captures());
  const auto writer = format.make(output, style);
  Analysis analysis(how, *writer);
  PacketBatch batch;
  while (input.next(batch)) analysis.add(batch);
  analysis.finish(input.source().captures());
  output.close();
  return weightier(input.finish(), findings(analysis, fail_on));
}

}  // namespace tapdeck
