// tapdeck-bench: generates large captures, and measures tapdeck and other programs over captures
// and between two hosts.
#include <boost/program_options.hpp>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/bench/bare_sender.h"
#include "tools/bench/compare.h"
#include "tools/bench/frame_sender.h"
#include "tools/bench/generate.h"
#include "tools/bench/months.h"
#include "tools/bench/replay_bench.h"
#include "tools/bench/table.h"
#include "tools/bench/traffic.h"
#include "tools/guarded_main.h"

namespace tapdeck {
namespace {

namespace options = boost::program_options;

void print_help() {
  fmt::print(
      "Usage: tapdeck-bench generate KIND OUT [--packets N] [--flows N] [--snap N] [--seed N]\n"
      "       tapdeck-bench compare FILE... [--rounds N] [--limit SECONDS] [--tapdeck PATH]\n"
      "       tapdeck-bench table [--packets N] [--folder DIR] [as compare]\n"
      "       tapdeck-bench replay [speed|timing] [--packets N] [--rounds N] [--folder DIR] "
      "[--tapdeck PATH]\n"
      "       tapdeck-bench send INTERFACE [--rate N] [--frames N] [--flows N]\n"
      "       tapdeck-bench bare CAPTURE INTERFACE [--direct] [--in-time]\n"
      "       tapdeck-bench months [--connections N] [--days N]\n\n"
      "generate writes a capture: pcap if OUT ends in .pcap, else pcapng; - is standard output.\n"
      "The same numbers give the same octets on every machine. KIND is one of:\n");
  for (const TrafficKind& kind : traffic_kinds()) fmt::print("  {:<10} {}\n", kind.name, kind.help);
  fmt::print(
      "  --packets N      how many packets (1000000)\n"
      "  --flows N        how many connections or conversations (as suits the kind)\n"
      "  --snap N         captured octets of a packet at most (262144)\n"
      "  --seed N         another seed, another capture (1)\n\n"
      "compare runs tapdeck analyze (text and json) and those of capinfos, tcpdump, tcptrace, "
      "argus\n"
      "and tshark that are installed, in turn, over each file, and prints medians.\n"
      "  --rounds N       how often (5)\n"
      "  --limit SECONDS  CPU time after which a program is stopped (120)\n"
      "  --tapdeck PATH   the program to measure (the one beside tapdeck-bench)\n\n"
      "table generates captures of every kind, measures them likewise, and prints one table of "
      "all:\n"
      "costs, ratios, peak memory, and how cost grows with ten times the packets and with flows.\n"
      "  --packets N      of each capture (1000000)\n"
      "  --folder DIR     where captures lie while they are measured (the one for temporary "
      "files)\n\n"
      "replay sends captures between two network namespaces that it makes and removes (as root), "
      "by\n"
      "tapdeck, tcpreplay, bittwist and bare in turn, and prints what reached the far end:\n"
      "frames a second at top speed, and how far from their time. Options as above.\n\n"
      "send puts frames of 64 octets on an interface that leads to nobody else, at a rate.\n"
      "  --rate N         frames a second (100000; 0: as many as go)\n"
      "  --frames N       how many (100000)\n"
      "  --flows N        UDP conversations (100)\n\n"
      "bare hands a capture's frames from memory to an interface that leads to nobody else, and "
      "does\n"
      "nothing besides: the limit of what a machine can replay.\n"
      "  --direct         past the interface's queueing\n"
      "  --in-time        each at its captured distance from the first (as many as go)\n\n"
      "months plays short connections through the live capture with a clock that runs as fast, "
      "and\n"
      "prints its memory.\n"
      "  --connections N  how many (50000000)\n"
      "  --days N         over which they are spread (90)\n\n"
      "Exit codes: 0 fine, 1 usage, 2 input can't be read, 4 output can't be written,\n"
      "5 an interface can't be sent on, 6 memory grew.\n");
}

/// Stores the options and positionals behind the command's name.
void parse(const options::options_description& named,
           const options::positional_options_description& places,
           const std::vector<std::string>& words) {
  options::variables_map values;
  options::store(options::command_line_parser(words).options(named).positional(places).run(),
                 values);
  options::notify(values);
}

void run_generate(const std::vector<std::string>& words) {
  GenerateOptions chosen;
  options::options_description named;
  auto add = named.add_options();
  add("kind", options::value(&chosen.kind)->required());
  add("out", options::value(&chosen.out)->required());
  add("packets", options::value(&chosen.packets));
  add("flows", options::value(&chosen.flows));
  add("snap", options::value(&chosen.snap_length));
  add("seed", options::value(&chosen.seed));
  parse(named, options::positional_options_description().add("kind", 1).add("out", 1), words);
  const Generated generated = generate(chosen);
  fmt::print(stderr, "{}: {} packets of {} flows, {:.1f} MB\n", chosen.out, generated.packets,
             generated.flows, static_cast<double>(generated.octets) / 1e6);
}

std::string program_beside() {
  return std::filesystem::read_symlink("/proc/self/exe").replace_filename("tapdeck");
}

void add_contest(options::options_description& named, ContestOptions& contest) {
  contest.tapdeck = program_beside();
  auto add = named.add_options();
  add("rounds", options::value(&contest.rounds));
  add("limit", options::value(&contest.limit_seconds));
  add("tapdeck", options::value(&contest.tapdeck));
}

void require_rounds(const ContestOptions& contest) {
  if (contest.rounds == 0) throw Failure(ExitCode::usage, "--rounds must be at least 1");
}

void run_compare(const std::vector<std::string>& words) {
  CompareOptions chosen;
  options::options_description named;
  add_contest(named, chosen.contest);
  named.add_options()("file", options::value(&chosen.files)->required());
  parse(named, options::positional_options_description().add("file", -1), words);
  require_rounds(chosen.contest);
  compare(chosen);
}

void run_table(const std::vector<std::string>& words) {
  TableOptions chosen;
  chosen.folder = std::filesystem::temp_directory_path();
  options::options_description named;
  add_contest(named, chosen.contest);
  auto add = named.add_options();
  add("packets", options::value(&chosen.packets));
  add("folder", options::value(&chosen.folder));
  parse(named, {}, words);
  require_rounds(chosen.contest);
  print_table(chosen);
}

void print_sent(const Sent& sent) {
  fmt::print("{} frames in {:.3f} s: {:.0f} a second; {} times the interface was full\n",
             sent.frames, sent.seconds, static_cast<double>(sent.frames) / sent.seconds,
             sent.refused);
}

void run_send(const std::vector<std::string>& words) {
  SendOptions chosen;
  options::options_description named;
  auto add = named.add_options();
  add("interface", options::value(&chosen.interface)->required());
  add("rate", options::value(&chosen.rate));
  add("frames", options::value(&chosen.frames));
  add("flows", options::value(&chosen.flows));
  parse(named, options::positional_options_description().add("interface", 1), words);
  print_sent(send_frames(chosen));
}

void run_bare(const std::vector<std::string>& words) {
  BareOptions chosen;
  bool direct = false;
  options::options_description named;
  auto add = named.add_options();
  add("capture", options::value(&chosen.capture)->required());
  add("interface", options::value(&chosen.interface)->required());
  add("direct", options::bool_switch(&direct));
  add("in-time", options::bool_switch(&chosen.in_time));
  parse(named, options::positional_options_description().add("capture", 1).add("interface", 1),
        words);
  if (direct) chosen.queueing = Queueing::bypassed;
  print_sent(send_bare(chosen));
}

void run_months(const std::vector<std::string>& words) {
  MonthsOptions chosen;
  options::options_description named;
  auto add = named.add_options();
  add("connections", options::value(&chosen.connections));
  add("days", options::value(&chosen.days));
  parse(named, {}, words);
  if (chosen.connections < 1'000) throw Failure(ExitCode::usage, "--connections: at least 1000");
  if (!run_months(chosen)) throw Failure(ExitCode::findings, "memory grew");
}

void run_replay_bench(const std::vector<std::string>& words) {
  ReplayBenchOptions chosen;
  chosen.folder = std::filesystem::temp_directory_path();
  chosen.tapdeck = program_beside();
  std::string part;
  options::options_description named;
  auto add = named.add_options();
  add("part", options::value(&part));
  add("packets", options::value(&chosen.packets));
  add("rounds", options::value(&chosen.rounds));
  add("folder", options::value(&chosen.folder));
  add("tapdeck", options::value(&chosen.tapdeck));
  parse(named, options::positional_options_description().add("part", 1), words);
  if (!part.empty() && part != "speed" && part != "timing") {
    throw Failure(ExitCode::usage, "replay measures speed or timing (see --help)");
  }
  if (chosen.rounds == 0 || chosen.packets < 2) {
    throw Failure(ExitCode::usage, "--rounds must be at least 1, --packets 2");
  }
  chosen.speed = part != "timing";
  chosen.timing = part != "speed";
  bench_replay(chosen);
}

int run(const std::vector<std::string>& words) {
  const std::string command = words.empty() ? "" : words.front();
  if (command == "generate") {
    run_generate({words.begin() + 1, words.end()});
  } else if (command == "compare") {
    run_compare({words.begin() + 1, words.end()});
  } else if (command == "table") {
    run_table({words.begin() + 1, words.end()});
  } else if (command == "replay") {
    run_replay_bench({words.begin() + 1, words.end()});
  } else if (command == "send") {
    run_send({words.begin() + 1, words.end()});
  } else if (command == "bare") {
    run_bare({words.begin() + 1, words.end()});
  } else if (command == "months") {
    run_months({words.begin() + 1, words.end()});
  } else if (command == "--help") {
    print_help();
  } else {
    throw Failure(ExitCode::usage,
                  "expected generate, compare, table, replay, send, bare or months (see --help)");
  }
  return static_cast<int>(ExitCode::fine);
}

}  // namespace
}  // namespace tapdeck

int main(int count, char** words) {
  return tapdeck::guarded_main("tapdeck-bench", tapdeck::ExitCode::unreadable_input, [=] {
    return tapdeck::run({words + 1, words + count});
  });
}
