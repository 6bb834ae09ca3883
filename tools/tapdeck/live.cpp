// tapdeck live: captures on an interface, tells what happens, and writes the packets.
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "analyzer/analysis.h"
#include "analyzer/report/live_formats.h"
#include "analyzer/report/quantity.h"
#include "captures/background_capture.h"
#include "captures/capture_folder.h"
#include "captures/elapsed.h"
#include "captures/live_source.h"
#include "captures/rotating_capture.h"
#include "tools/clock_time.h"
#include "tools/duration.h"
#include "tools/tapdeck/capture_signals.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/confinement/brokered_folder.h"
#include "tools/tapdeck/confinement/sandbox.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/live_limits.h"
#include "tools/tapdeck/live_news.h"
#include "tools/tapdeck/live_options.h"
#include "tools/tapdeck/live_session.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/packet_file.h"
#include "tools/tapdeck/terminal.h"
#include "tools/tapdeck/terminal/capture_view.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Captures on an interface and tells what happens while it happens: connections that\n"
    "open and close, and what goes wrong; on a terminal as a table on the whole screen\n"
    "(its key ? tells the others), elsewhere in lines. Ends with Ctrl-C; what had arrived\n"
    "by then is analyzed and written. FILTER is a BPF expression as tcpdump takes it.\n"
    "SIGUSR1 prints the counts so far.";

std::int64_t now_ns() { return clock_time_ns(CLOCK_REALTIME); }

void declare(CommandOptions& options) {
  options.add("interface,i", "NAME",
              "capture on this interface; any: on all ('tapdeck interfaces')");
  options.add("filter,f", "EXPR", "a BPF expression; the same as writing it behind the options");
  options.add("count,c", "N", "end after N packets; 0: don't");
  options.add("duration", "TIME", "end after this time: 10 (seconds), 500ms, 5m, 1h, 7d");
  options.add("snapshot-length,s", "N",
              "capture at most N octets of each packet (262144, and so for 0)");
  options.add("buffer-size,B", "SIZE", "of the kernel's buffer: in KiB, or as 32M (the default)");
  options.add("no-promiscuous-mode,p", "", "leave the interface's mode alone");
  options.add("write,w", "FILE", "write the packets to FILE, in pcapng");
  options.add("rotate", "LIMIT",
              "begin the next file, with time and number in its name, at a size (100M), after a "
              "time (10m) or as many packets (50000p), or several: 100M,1h");
  options.add("keep", "N", "with --rotate: keep the newest N files, and remove those before");
  options.add("flush", "TIME", "leave packets in the program's memory for at most TIME (1)");
  options.add("max-drop", "N|P%", "exit with 7 if more packets than that were dropped");
  options.add("format", "NAME", "lines (the default), or jsonl for machines");
  options.add("lines", "", "the same as --format lines");
  options.add("memory-budget", "SIZE",
              "keep to SIZE of memory (512M), of which the screen takes up to 160M: of what is "
              "open, the least missed is given up early and counted");
  options.add("vlans", "", "tell connections apart by their VLAN ids too");
  options.add("numeric,n", "", "numbers instead of names; always so, accepted for tcpdump's users");
}

LiveOptions source_options(const CommandOptions& options) {
  LiveOptions source;
  source.interface = chosen_interface(options);
  if (source.interface.empty()) {
    throw Failure(ExitCode::usage,
                  "which interface? Name it by -i; 'tapdeck interfaces' lists them");
  }
  source.filter = options.filter();
  source.packet_limit = options.count("count", 0);
  constexpr std::uint64_t longest = 262'144;  // as libpcap has it
  const std::uint64_t length = options.count("snapshot-length", longest);
  source.snap_length =
      static_cast<std::uint32_t>(length == 0 ? longest : std::min(length, longest));
  if (options.has("buffer-size")) {
    source.buffer_octets = parse_buffer_size(options.value("buffer-size"));
  }
  source.promiscuous = !options.has("no-promiscuous-mode");
  return source;
}

AnalysisOptions analysis_options(const CommandOptions& options, bool viewed) {
  AnalysisOptions how;
  how.tracker.limits =
      live_limits(options.value("memory-budget", "512M"), viewed ? CaptureView::most_octets : 0);
  how.tracker.vlans_in_key = options.has("vlans");
  if (viewed) how.tracker.trace = TraceWish::segments;
  how.tracker.news = {.conversations = true, .anomalies = true};
  how.filtered = !options.filter().empty();
  return how;
}

Rotation chosen_rotation(const CommandOptions& options) {
  Rotation rotation;
  if (options.has("rotate")) rotation = parse_rotation(options.value("rotate"));
  rotation.keep = options.count("keep", 0);
  if (options.has("keep") && rotation.keep == 0) {
    throw Failure(ExitCode::usage, "--keep: at least 1 file, the one that is written");
  }
  const std::string path = options.value("write");
  const bool to_pipe = path == "-";
  if (path.empty() && (options.has("rotate") || options.has("flush"))) {
    throw Failure(ExitCode::usage, "--rotate and --flush need a file to write: -w FILE");
  }
  if (rotation.keep != 0 && !rotation.rotates()) {
    throw Failure(ExitCode::usage, "--keep needs --rotate: there is but one file without it");
  }
  if (to_pipe) {
    options.refuse_any({"format", "lines"}, "needs standard output, and so does -w -");
  }
  if (to_pipe && rotation.rotates()) {
    throw Failure(ExitCode::usage, "standard output can't be rotated: -w FILE");
  }
  if (path.ends_with(".pcap")) {
    throw Failure(ExitCode::usage, shown(path) +
                                       ": live captures are written in pcapng, which holds\n"
                                       "drops and remarks: name it .pcapng");
  }
  return rotation;
}

/// A terminal is drawn on, unless lines are asked for or it can't be.
bool wants_view(const CommandOptions& options) {
  return !options.has("format") && !options.has("lines") && options.value("write") != "-" &&
         FullScreen::is_possible();
}

/// Null: nothing is written to standard output that tells of connections.
std::unique_ptr<ReportWriter> chosen_format(const CommandOptions& options, bool viewed,
                                            ByteSink& output) {
  if (viewed) return nullptr;
  const std::string name = options.value("format", "lines");
  require_one_of("format", name, {"lines", "jsonl"});
  if (options.has("lines") && name != "lines") {
    throw Failure(ExitCode::usage, "--lines and --format " + name + " contradict each other");
  }
  if (options.value("write") == "-") return nullptr;  // the packets go there
  const Style style = style_for(look_at_terminal(), options.color(), false);
  return name == "jsonl" ? make_live_jsonl(output, style) : make_live_lines(output, style);
}

void print_counts(const LiveCounts& counts) { fmt::print(stderr, "{}", counts_text(counts)); }

/// The file, and the thread that writes it.
struct Recording {
  Recording(const CommandOptions& options, CaptureFolder& folder,
            const std::vector<CaptureInfo>& captures)
      : capture(options.value("write"), chosen_rotation(options), folder, captures, now_ns()),
        writer(capture) {}

  RotatingCapture capture;
  BackgroundCapture writer;
};

/// Whether the file that is to be written, or one in its row, has that path, or a connection that
/// is saved from the screen.
std::function<bool(const std::string& path)> files_of(const CommandOptions& options) {
  const std::string path = options.value("write");
  const bool rotates = chosen_rotation(options).rotates();
  const bool saves = wants_view(options);
  return [path, rotates, saves](const std::string& asked) {
    if (saves && is_saved_path(asked)) return true;
    return rotates ? is_rotated_name(path, asked) : asked == path;
  };
}

/// A pipe that is written to may wait for its reader, and say so once, until a signal comes.
FolderRules::Ask patience_for_readers(const CommandOptions& options, CaptureSignals& signals) {
  const bool tells = !options.quiet() && !wants_view(options);
  return [path = options.value("write"), tells, told = false,
          &signals](const std::string& asked) mutable {
    if (asked != path) return false;
    if (tells && !told) complain(shown(path) + ": waiting for somebody who reads this pipe");
    told = true;
    signals.look();
    return signals.ends() == 0;
  };
}

/// A reader that has stopped has a moment to go on when the end is asked for, and none when it is
/// asked for again.
int patience_with_reader(CaptureSignals& signals) {
  constexpr int moment_ms = 1000;
  signals.look();
  if (signals.ends() == 0) return -1;
  return signals.ends() == 1 ? moment_ms : 0;
}

class LiveCommand {
 public:
  /// Takes the terminal, if it is drawn on.
  LiveCommand(const CommandOptions& options, const Sandbox& sandbox, CaptureSignals& signals,
              LiveSource& source, CaptureFolder& folder)
      : x_options(options),
        x_sandbox(sandbox),
        x_viewed(wants_view(options)),
        x_signals(signals),
        x_source(source),
        x_folder(folder),
        x_news(chosen_format(options, x_viewed, x_output), options.has("write")),
        x_analysis(analysis_options(options, x_viewed), x_news) {
    if (x_viewed) begin_view();
  }

  /// Whatever is done to the time of day meanwhile.
  void end_after(std::int64_t duration_ns) {
    x_end_ns = added_ns(clock_time_ns(CLOCK_MONOTONIC), duration_ns);
  }

  ExitCode run(const LiveSettings& settings) {
    if (x_options.has("write")) x_recording.emplace(x_options, x_folder, x_source.captures());
    if (!x_viewed && !x_options.quiet()) {
      complain("listening on " + shown(x_options.value("interface")) + "; Ctrl-C ends it");
    }
    LiveSession session(settings, {.source = x_source,
                                   .analysis = x_analysis,
                                   .news = x_news,
                                   .writer = x_recording ? &x_recording->writer : nullptr,
                                   .on_packets =
                                       [this](const PacketBatch& batch) {
                                         if (x_view) x_view->add(batch);
                                       },
                                   .clock = now_ns,
                                   .on_tick = [this](std::int64_t now) { return on_tick(now); }});
    session.run();
    const bool to_pipe = x_options.value("write") == "-";
    if (session.write_failure() && to_pipe && reader_is_gone()) throw ClosedPipe{};
    if (x_view) end_view();
    x_output.close();
    const ExitCode result = verdict();
    if (session.write_failure()) tell_what_is_safe(session.write_failure());
    return result;
  }

 private:
  void begin_view() {
    const Style style = style_for(look_at_terminal(), x_options.color(), false);
    x_view.emplace(ViewedCapture{.source = x_source,
                                 .analysis = x_analysis,
                                 .table = x_news.table(),
                                 .folder = x_folder,
                                 .complete = [this](LiveTable& table) { complete(table); }},
                   style, now_ns());
  }

  void end_view() {
    x_view->close();
    if (x_options.quiet()) return;
    for (const std::string& path : x_view->saved_paths()) complain("saved " + path);
  }

  void complete(LiveTable& table) {
    table.interface = x_options.value("interface");
    table.filter = x_options.filter();
    if (x_recording) table.writing_to = x_recording->writer.file();
  }

  LiveWish on_tick(std::int64_t now) {
    x_output.flush();
    x_signals.look();
    const bool counts_asked = x_signals.take_statistics_request();
    if (counts_asked && !x_view) print_counts(x_source.counts());
    if (x_signals.ends() > 1) return LiveWish::end_at_once;
    const bool seen = !x_view || x_view->turn(now);
    const bool is_over = x_end_ns && clock_time_ns(CLOCK_MONOTONIC) >= *x_end_ns;
    return seen && !is_over && x_signals.ends() == 0 ? LiveWish::go_on : LiveWish::end;
  }

  [[noreturn]] void tell_what_is_safe(const std::exception_ptr& write_failure) const {
    try {
      std::rethrow_exception(write_failure);
    } catch (const Failure& failure) {
      throw Failure(failure.exit_code(),
                    fmt::format("{}; the {} before that are safe", failure.what(),
                                count_of(x_recording->capture.packets_safe(), "packet")));
    }
  }

  ExitCode verdict() {
    const LiveCounts counts = x_source.counts();
    print_counts(counts);
    ExitCode result = ExitCode::fine;
    if (!x_source.trouble().empty()) {
      complain(shown(x_source.trouble()));
      result = ExitCode::no_permission;
    }
    if (x_sandbox.has_lost_broker()) {
      complain("the capture ends early: the process that keeps the rights was ended");
      result = ExitCode::no_permission;
    }
    if (x_options.has("max-drop") &&
        parse_drop_allowance(x_options.value("max-drop")).is_exceeded_by(counts)) {
      result = weightier(result, ExitCode::packets_dropped);
    }
    return result;
  }

  const CommandOptions& x_options;
  const Sandbox& x_sandbox;
  bool x_viewed;
  CaptureSignals& x_signals;
  LiveSource& x_source;
  CaptureFolder& x_folder;
  Output x_output;
  LiveNews x_news;
  Analysis x_analysis;
  std::optional<Recording> x_recording;
  std::optional<CaptureView> x_view;
  std::optional<std::int64_t> x_end_ns;  // of CLOCK_MONOTONIC
};

}  // namespace

ExitCode run_live(const Arguments& arguments) {
  CommandOptions options("live", "-i INTERFACE [FILTER] [options]", help);
  declare(options);
  if (!options.parse(arguments)) return ExitCode::fine;
  LiveSettings settings;
  std::optional<std::int64_t> duration_ns;
  if (options.has("duration")) duration_ns = parse_time_span("duration", options.value("duration"));
  if (options.has("flush")) settings.flush_ns = parse_duration("flush", options.value("flush"));
  if (options.has("max-drop")) (void)parse_drop_allowance(options.value("max-drop"));
  Sandbox sandbox(options);
  CaptureSignals signals;  // before any thread: all inherit what it holds back
  BrokeredFolder folder(sandbox,
                        {.may_be = files_of(options),
                         .grows = [](const std::string& path) { return !is_saved_path(path); },
                         .waits_for = patience_for_readers(options, signals),
                         .patience_ms = [&signals] { return patience_with_reader(signals); }});
  LiveSource source(source_options(options));
  LiveCommand command(options, sandbox, signals, source, folder);
  sandbox.enter({.only_read = {source.descriptor()}, .sent_on = {}});
  if (duration_ns) command.end_after(*duration_ns);
  return command.run(settings);
}

}  // namespace tapdeck
