// tapdeck analyze: the report of captures, in any format.
#include <fmt/format.h>

#include "analyzer/analysis.h"
#include "analyzer/report/writer.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/terminal.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Reads captures and reports what they hold: how far they can be trusted, totals,\n"
    "and every connection with its handshake, states and end.\n\n"
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

const ReportFormat& chosen_format(const CommandOptions& options) {
  const std::string name = options.value("format", "text");
  require_one_of("format", name, format_names());
  return *find_report_format(name);
}

}  // namespace

ExitCode run_analyze(const Arguments& arguments) {
  CommandOptions options("analyze", "FILE... [FILTER] [options]", help);
  options.add("format", "NAME", format_help().c_str());
  options.add("output,o", "FILE", "write the report to FILE instead of standard output");
  options.add("top", "N", "list the N busiest connections in text (20; 0: all)");
  options.add("vlans", "", "tell connections apart by their VLAN ids too");
  options.add_input();
  if (!options.parse(arguments)) return ExitCode::fine;

  const ReportFormat& format = chosen_format(options);
  const InputOptions from = options.input();
  Style style = style_for(look_at_terminal(), options.color(), options.has("output"));
  style.top = options.count("top", style.top);
  Input input(from, options.quiet());
  PacketBatch batch;
  bool more = input.next(batch);
  if (!more && input.nothing_readable()) return input.finish();
  Output output(options.value("output"), input.source().captures());
  const auto writer = format.make(output, style);
  AnalysisOptions how;
  how.vlans_in_key = options.has("vlans");
  how.filtered = !from.source.filter.empty();
  Analysis analysis(how, *writer, format.order);
  for (; more; more = input.next(batch)) analysis.add(batch);
  analysis.finish(input.source().captures());
  output.close();
  return input.finish();
}

}  // namespace tapdeck
