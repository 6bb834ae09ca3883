#include "tools/bench/table.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/bench/generate.h"

namespace tapdeck {
namespace {

constexpr std::uint32_t headers_only = 96;
constexpr std::uint64_t least_packets = 1'000;
constexpr std::uint64_t slice = 10, growth = 10;
constexpr std::string_view too_slow = "measured over a tenth only";

/// A capture that lies in a file as long as this lives.
class Sample {
 public:
  Sample(const TableOptions& options, const GenerateOptions& what)
      : x_path(fmt::format("{}/tapdeck-bench-{}-{}-{}-{}.pcap", options.folder, ::getpid(),
                           what.kind, what.packets, what.flows)) {
    GenerateOptions here = what;
    here.out = x_path;
    x_generated = generate(here);
  }
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;
  ~Sample() {
    std::error_code gone_already;
    std::filesystem::remove(x_path, gone_already);
  }

  [[nodiscard]] const std::string& path() const { return x_path; }
  [[nodiscard]] std::uint64_t packets() const { return x_generated.packets; }
  [[nodiscard]] std::uint64_t flows() const { return x_generated.flows; }

 private:
  std::string x_path;
  Generated x_generated;
};

double ns_a_packet(const Contestant& contestant, const Sample& sample) {
  return contestant.cpu_ns() / static_cast<double>(sample.packets());
}

struct Row {
  std::string_view name, kind;
  std::uint32_t snap_length = 262'144;
  bool is_slice = false;  // a tenth, for programs that are slow
};

constexpr std::array rows{
    Row{"web, 96 octets", "web", headers_only},
    Row{"web", "web"},
    Row{"web, a tenth", "web", 262'144, true},
    Row{"SYN flood", "syn"},
    Row{"idle", "idle"},
    Row{"UDP", "udp"},
    Row{"one elephant", "elephant"},
};

/// What a peer takes, and how much of that tapdeck takes.
std::string cell(const Contestant& peer, const Contestant& tapdeck, const Sample& sample) {
  if (!peer.still_in()) return "-";
  const std::string ns = fmt::format("{:.1f}", ns_a_packet(peer, sample));
  if (!tapdeck.still_in()) return ns;
  return fmt::format("{} ({:.3f})", ns, tapdeck.cpu_ns() / peer.cpu_ns());
}

/// Adds to `outs` why programs have no number.
void print_row(const Row& row, const TableOptions& options, std::vector<std::string>& outs) {
  const Sample sample(options, {.kind = std::string(row.kind),
                                .out = {},
                                .packets = row.is_slice ? options.packets / slice : options.packets,
                                .snap_length = row.snap_length});
  std::vector<Contestant> all{tapdeck_over(sample.path(), "text", options.contest)};
  for (const Peer& peer : peers()) {
    all.push_back(peer.over(sample.path()));
    if (peer.slowness == Slowness::slow && !row.is_slice) all.back().not_run = too_slow;
  }
  run_rounds(all, options.contest);
  const Contestant& own = all.front();
  fmt::print("{:<15} {:>9} {:>8}", row.name, sample.packets(), sample.flows());
  if (own.still_in()) {
    fmt::print(" {:>8.1f} {:>8.1f}", ns_a_packet(own, sample), own.peak_octets() / 1e6);
  } else {
    fmt::print(" {:>8} {:>8}", "-", "-");
  }
  for (std::size_t i = 1; i < all.size(); ++i) fmt::print(" {:>17}", cell(all[i], own, sample));
  fmt::print("\n");
  for (const Contestant& each : all) {
    const std::string why = each.why_out();
    if (why.empty() || why == too_slow) continue;
    const std::string out = why == "not installed"
                                ? fmt::format("{}: {}", each.shown, why)
                                : fmt::format("{} over {}: {}", each.shown, row.name, why);
    if (std::ranges::find(outs, out) == outs.end()) outs.push_back(out);
  }
}

/// The same traffic, more of it: how the cost of a packet grows, and what memory a flow takes.
void print_growth(const TableOptions& options, const std::vector<GenerateOptions>& sizes) {
  std::vector<std::unique_ptr<Sample>> samples;
  std::vector<Contestant> runs;
  for (const GenerateOptions& size : sizes) {
    samples.push_back(std::make_unique<Sample>(options, size));
    runs.push_back(tapdeck_over(samples.back()->path(), "text", options.contest));
  }
  run_rounds(runs, options.contest);
  const Contestant& first = runs.front();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    fmt::print("{:<15} {:>9} {:>8}", sizes[i].kind, samples[i]->packets(), samples[i]->flows());
    if (!runs[i].still_in() || !first.still_in()) {
      fmt::print(" {}\n", runs[i].why_out());
      continue;
    }
    const double ns = ns_a_packet(runs[i], *samples[i]);
    fmt::print(" {:>8.1f} {:>8.1f} {:>8.2f}", ns, runs[i].peak_octets() / 1e6,
               ns / ns_a_packet(first, *samples.front()));
    const auto flows =
        static_cast<double>(samples[i]->flows()) - static_cast<double>(samples.front()->flows());
    if (flows > 0) {
      fmt::print(" {:>12.0f}", (runs[i].peak_octets() - first.peak_octets()) / flows);
    }
    fmt::print("\n");
  }
}

void print_all_growth(const TableOptions& options) {
  fmt::print(
      "\nGrowth of tapdeck: ratio to the first line of each kind\n{:<15} {:>9} {:>8} {:>8} "
      "{:>8} {:>8} {:>12}\n",
      "96 octets", "packets", "flows", "ns", "peak MB", "ratio", "octets/flow");
  const auto size = [](std::string_view kind, std::uint64_t packets, std::uint64_t flows) {
    return GenerateOptions{.kind = std::string(kind),
                           .out = {},
                           .packets = packets,
                           .flows = flows,
                           .snap_length = headers_only};
  };
  for (const std::string_view kind : {"web", "syn", "idle", "udp", "elephant"}) {
    print_growth(options,
                 {size(kind, options.packets, 0), size(kind, options.packets * growth, 0)});
  }
  print_growth(options, {size("web", options.packets, options.packets / 1'000),
                         size("web", options.packets, options.packets / 100),
                         size("web", options.packets, options.packets / 20)});
}

}  // namespace

void print_table(const TableOptions& options) {
  if (options.packets < least_packets) {
    throw Failure(ExitCode::usage, fmt::format("--packets must be at least {}", least_packets));
  }
  fmt::print(
      "ns of CPU a packet, medians of {} rounds in turn; in brackets what tapdeck takes of "
      "that\n{:<15} {:>9} {:>8} {:>8} {:>8}",
      options.contest.rounds, "capture", "packets", "flows", "tapdeck", "peak MB");
  for (const Peer& peer : peers()) fmt::print(" {:>17}", peer.name);
  fmt::print("\n");
  std::vector<std::string> outs;
  for (const Row& row : rows) print_row(row, options, outs);
  print_all_growth(options);
  if (!outs.empty()) fmt::print("\n");
  for (const std::string& out : outs) fmt::print("{}\n", out);
}

}  // namespace tapdeck
