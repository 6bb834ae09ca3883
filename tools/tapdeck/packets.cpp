// tapdeck packets: packets in a line each, with all fields, as columns for scripts, or as a file.
#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "analyzer/report/held_rows.h"
#include "analyzer/report/packet_writer.h"
#include "analyzer/verdict_feed.h"
#include "dissectors/dissector.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/field_options.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/packet_file.h"
#include "tools/tapdeck/terminal.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Prints a line a packet: number, time, from > to, protocol, what it says. With -v\n"
    "every field of every layer, with --fields chosen ones for scripts, with -w a\n"
    "capture of what passes the filter.\n\n"
    "FILE is a pcap or pcapng file, plain or compressed (gz, zst, lz4), a directory of\n"
    "them, or - for standard input. FILTER is a BPF expression as tcpdump takes it: the\n"
    "words behind the last FILE.";

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const PacketFormat& format : packet_formats()) names.emplace_back(format.name);
  return names;
}

std::string format_help() {
  std::string text = "the format:";
  for (const PacketFormat& format : packet_formats()) {
    text += fmt::format("\n{}:\t{}", format.name, format.help);
  }
  return text;
}

void declare(CommandOptions& options) {
  options.add("verbose,v", "", "every field of every layer");
  options.add("hex,x", "", "all octets in hex and ASCII");
  options.add("ascii,A", "", "the payload as text");
  options.add("fields", "NAMES", "fields by name, between commas (see --fields help); as tsv");
  options.add("format", "NAME", format_help().c_str());
  options.add("header", "", "begin tsv with a line of the fields' names");
  options.add("time", "STYLE", "relative (the default), utc, local, delta or epoch");
  options.add("write,w", "FILE",
              "write the packets to FILE (pcap if it ends in .pcap, else "
              "pcapng) and print none");
  options.add("output,o", "FILE", "print to FILE instead of standard output");
  options.add_input();
}

/// How far local time was ahead of UTC then.
std::int32_t utc_offset(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm local{};
  if (::localtime_r(&time, &local) == nullptr) return 0;
  return static_cast<std::int32_t>(local.tm_gmtoff);
}

PacketTimeStyle chosen_time(const CommandOptions& options) {
  const std::string name = options.value("time", "relative");
  require_one_of("time", name, {"relative", "utc", "local", "delta", "epoch"});
  return {.format = *find_packet_time_format(name), .utc_offset = utc_offset};
}

void refuse_printing(const CommandOptions& options) {
  options.refuse_any({"verbose", "hex", "ascii", "fields", "format", "header", "time", "output"},
                     "is about what is printed, and -w prints nothing");
}

const PacketFormat& chosen_format(const CommandOptions& options) {
  const std::string name = options.value("format", options.has("fields") ? "tsv" : "text");
  require_one_of("format", name, format_names());
  if (name == "text" && options.has("fields")) {
    throw Failure(ExitCode::usage, "--fields goes with --format tsv or json");
  }
  if (name != "text") options.refuse_any({"verbose", "hex", "ascii"}, "goes with --format text");
  if (name != "tsv") options.refuse_any({"header"}, "goes with --format tsv, or --fields");
  return *find_packet_format(name);
}

/// A table may have a column twice, a JSON object no member.
std::vector<std::string> fields_for(const PacketFormat& format, const CommandOptions& options) {
  if (!options.has("fields")) return {};
  std::vector<std::string> fields = chosen_fields(options.value("fields"));
  for (auto field = fields.begin(); format.name == "json" && field != fields.end(); ++field) {
    if (std::find(fields.begin(), field, *field) == field) continue;
    throw Failure(ExitCode::usage,
                  fmt::format("--fields: '{}' is named twice, and JSON has no place for that",
                              shown(*field)));
  }
  return fields;
}

PacketPrint chosen_print(const PacketFormat& format, const CommandOptions& options) {
  const Terminal terminal = look_at_terminal();
  const bool to_file = options.has("output");
  return {.style = style_for(terminal, options.color(), to_file),
          .cut_lines = terminal.width.has_value() && !to_file,
          .time = chosen_time(options),
          .tree = options.has("verbose"),
          .hex = options.has("hex"),
          .ascii = options.has("ascii"),
          .fields = fields_for(format, options),
          .header = options.has("header")};
}

std::string_view interface_name(const PacketSource& source, const Packet& packet) {
  const auto& interfaces = source.captures()[packet.capture].interfaces;
  return packet.interface < interfaces.size() ? interfaces[packet.interface].name
                                              : std::string_view {};
}

class Printer {
 public:
  Printer(const PacketFormat& format, const PacketPrint& print, Output& output)
      : x_output(output), x_rows(output), x_writer(format.make(x_rows, print)) {
    if (x_writer->wants_verdicts()) x_verdicts.emplace();
  }

  void print(Input& input) {
    PacketBatch batch;
    x_writer->begin();
    while (input.next(batch)) {
      for (const Packet& packet : batch.packets) add(packet, input.source());
      x_dissector.release_datagrams();
      settle();
      x_output.flush();
    }
    if (x_verdicts) x_verdicts->finish();
    settle();
    x_rows.release();
    x_writer->end();
    x_output.close();
    if (const std::uint64_t early = x_rows.released_early(); early != 0) {
      complain(
          fmt::format("{} packets were printed before their verdicts were in: too much "
                      "waited behind them",
                      early));
    }
  }

 private:
  void add(const Packet& packet, const PacketSource& source) {
    if (!x_previous_ns) x_first_ns = x_previous_ns = packet.time_ns;
    x_dissector.dissect(packet, *x_dissection);
    if (x_verdicts) x_rows.open_row(packet.number);
    x_writer->packet({.packet = packet,
                      .dissection = *x_dissection,
                      .first_ns = *x_first_ns,
                      .previous_ns = *x_previous_ns,
                      .interface_name = interface_name(source, packet)});
    if (x_verdicts) x_rows.close_row(x_verdicts->add(packet, *x_dissection));
    x_previous_ns = packet.time_ns;
  }

  void settle() {
    if (!x_verdicts) return;
    for (const FrameVerdict& verdict : x_verdicts->take()) x_rows.settle(verdict);
  }

  Output& x_output;
  HeldRows x_rows;
  std::unique_ptr<PacketWriter> x_writer;
  std::optional<VerdictFeed> x_verdicts;  // only where they are asked for
  Dissector x_dissector;
  std::unique_ptr<Dissection> x_dissection = std::make_unique<Dissection>();
  std::optional<std::int64_t> x_first_ns, x_previous_ns;
};

}  // namespace

ExitCode run_packets(const Arguments& arguments) {
  CommandOptions options("packets", "FILE... [FILTER] [options]", help);
  declare(options);
  if (!options.parse(arguments)) return ExitCode::fine;
  if (options.value("fields") == "help") return list_fields();

  if (options.has("write")) refuse_printing(options);
  const PacketFormat& format = chosen_format(options);
  const PacketPrint print = chosen_print(format, options);
  const InputOptions from = options.input();
  Sandbox sandbox(options);
  Input input(from, options.quiet(), sandbox);
  sandbox.will_write(options.value(options.has("write") ? "write" : "output"));
  sandbox.enter();
  input.open();
  if (!input.readable()) return input.finish();
  if (options.has("write")) {
    write_packets(input, options.value("write"), sandbox);
  } else {
    Output output(options.value("output"), sandbox, input.source().captures());
    Printer(format, print, output).print(input);
  }
  return input.finish();
}

}  // namespace tapdeck
