#include "tools/bench/compare.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "captures/failure.h"
#include "captures/packet_source.h"
#include "tools/bench/measured_run.h"

namespace tapdeck {
namespace {

constexpr std::uint64_t memory_limit_octets = std::uint64_t{8} << 30U;

/// What a program is called with before the file's name.
struct Peer {
  std::string_view name;
  std::span<const std::string_view> arguments;
  /// Larger captures take it too long to be of use.
  std::uint64_t packets_at_most = UINT64_MAX;
};

using Words = std::string_view;
constexpr std::array<Words, 4> analyze{"analyze", "-o", "/dev/null", "-r"};
constexpr std::array<Words, 6> analyze_json{"analyze", "--format", "json", "-o", "/dev/null", "-r"};
constexpr std::array<Words, 3> sizes_and_times{"-c", "-T", "-m"};
constexpr std::array<Words, 4> copy_to_nowhere{"-n", "-w", "/dev/null", "-r"};
constexpr std::array<Words, 2> long_report{"-n", "-l"};
constexpr std::array<Words, 5> tcp_conversations{"-n", "-q", "-z", "conv,tcp", "-r"};

constexpr std::array peers{
    Peer{"tapdeck", analyze},          Peer{"tapdeck", analyze_json},
    Peer{"capinfos", sizes_and_times}, Peer{"tcpdump", copy_to_nowhere},
    Peer{"tcptrace", long_report},     Peer{"tshark", tcp_conversations, 2'000'000},
};

/// A program that is installed, and how its runs over one file went.
struct Contestant {
  std::vector<std::string> command;
  std::string shown;
  std::vector<MeasuredRun> runs;
  std::string not_run;

  [[nodiscard]] bool still_in() const {
    return not_run.empty() && (runs.empty() || runs.back().failure.empty());
  }
};

[[nodiscard]] Contestant enter(const Peer& peer, const CompareOptions& options,
                               const std::string& file, std::uint64_t packets) {
  const std::string program =
      peer.name == "tapdeck" ? options.tapdeck : find_program(std::string(peer.name));
  Contestant contestant;
  contestant.command.push_back(program);
  contestant.shown = peer.name;
  for (const std::string_view argument : peer.arguments) {
    contestant.command.emplace_back(argument);
    contestant.shown.append(" ").append(argument);
  }
  contestant.command.push_back(file);
  if (program.empty()) {
    contestant.not_run = "not installed";
  } else if (packets > peer.packets_at_most) {
    contestant.not_run = fmt::format("not run over more than {} packets", peer.packets_at_most);
  }
  return contestant;
}

/// Reading the file for its number of packets also brings it into memory.
[[nodiscard]] std::uint64_t count_packets(const std::string& file) {
  const auto source = open_captures({file}, {});
  PacketBatch batch;
  std::uint64_t packets = 0;
  while (source->next(batch)) packets += batch.packets.size();
  if (packets == 0) throw Failure(ExitCode::unreadable_input, file + ": holds no packets");
  return packets;
}

template <class Value>
[[nodiscard]] std::int64_t median(const std::vector<MeasuredRun>& runs, Value value) {
  std::vector<std::int64_t> values;
  for (const MeasuredRun& run : runs) values.push_back(value(run));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

[[nodiscard]] std::int64_t median_cpu_ns(const Contestant& contestant) {
  return median(contestant.runs, [](const MeasuredRun& run) { return run.cpu_ns; });
}

void print_row(const Contestant& contestant, std::uint64_t packets, std::int64_t reference_ns) {
  if (!contestant.still_in()) {
    const auto& why =
        contestant.not_run.empty() ? contestant.runs.back().failure : contestant.not_run;
    fmt::print("{:<48} {}\n", contestant.shown, why);
    return;
  }
  const auto cpu_ns = static_cast<double>(median_cpu_ns(contestant));
  const auto wall_ns = median(contestant.runs, [](const MeasuredRun& run) { return run.wall_ns; });
  const auto peak = median(contestant.runs, [](const MeasuredRun& run) { return run.peak_octets; });
  const std::string ratio =
      reference_ns == 0 ? "-" : fmt::format("{:.2f}", cpu_ns / static_cast<double>(reference_ns));
  fmt::print("{:<48} {:>9.1f} {:>7} {:>9.2f} {:>8.1f}\n", contestant.shown,
             cpu_ns / static_cast<double>(packets), ratio, static_cast<double>(wall_ns) / 1e9,
             static_cast<double>(peak) / 1e6);
}

void compare_over(const std::string& file, const CompareOptions& options) {
  const std::uint64_t packets = count_packets(file);
  std::vector<Contestant> contestants;
  for (const Peer& peer : peers) contestants.push_back(enter(peer, options, file, packets));
  const RunLimits limits{.seconds = options.limit_seconds, .memory_octets = memory_limit_octets};
  for (std::uint32_t round = 0; round < options.rounds; ++round) {
    for (Contestant& contestant : contestants) {
      if (contestant.still_in())
        contestant.runs.push_back(run_measured(contestant.command, limits));
    }
  }
  fmt::print("\n{}: {} packets, {:.1f} MB, medians of {} rounds\n", file, packets,
             static_cast<double>(std::filesystem::file_size(file)) / 1e6, options.rounds);
  fmt::print("{:<48} {:>9} {:>7} {:>9} {:>8}\n", "program", "ns/packet", "ratio", "wall s",
             "peak MB");
  const auto& reference = contestants.front();
  const std::int64_t reference_ns = reference.still_in() ? median_cpu_ns(reference) : 0;
  for (const Contestant& contestant : contestants) print_row(contestant, packets, reference_ns);
}

}  // namespace

void compare(const CompareOptions& options) {
  fmt::print("CPU time of user and kernel mode; ratio is against the first row.\n");
  for (const std::string& file : options.files) compare_over(file, options);
}

}  // namespace tapdeck
