#include "tools/bench/compare.h"

#include <filesystem>

#include <fmt/format.h>

#include "captures/failure.h"
#include "captures/packet_source.h"

namespace tapdeck {
namespace {

constexpr std::uint64_t too_many_for_the_slow = 2'000'000;

/// Reading the file for its number of packets also brings it into memory.
[[nodiscard]] std::uint64_t count_packets(const std::string& file) {
  const auto source = open_captures({file}, {});
  PacketBatch batch;
  std::uint64_t packets = 0;
  while (source->next(batch)) packets += batch.packets.size();
  if (packets == 0) throw Failure(ExitCode::unreadable_input, file + ": holds no packets");
  return packets;
}

void print_row(const Contestant& contestant, std::uint64_t packets, double reference_ns) {
  if (!contestant.still_in()) {
    fmt::print("{:<48} {}\n", contestant.shown, contestant.why_out());
    return;
  }
  const double cpu_ns = contestant.cpu_ns();
  const std::string ratio = reference_ns == 0 ? "-" : fmt::format("{:.2f}", cpu_ns / reference_ns);
  fmt::print("{:<48} {:>9.1f} {:>7} {:>9.2f} {:>8.1f}\n", contestant.shown,
             cpu_ns / static_cast<double>(packets), ratio, contestant.wall_ns() / 1e9,
             contestant.peak_octets() / 1e6);
}

void compare_over(const std::string& file, const ContestOptions& options) {
  const std::uint64_t packets = count_packets(file);
  std::vector<Contestant> contestants;
  for (const std::string_view format : {"text", "json"}) {
    contestants.push_back(tapdeck_over(file, format, options));
  }
  for (const Peer& peer : peers()) {
    contestants.push_back(peer.over(file));
    if (peer.slowness == Slowness::slow && packets > too_many_for_the_slow) {
      contestants.back().not_run =
          fmt::format("not run over more than {} packets", too_many_for_the_slow);
    }
  }
  run_rounds(contestants, options);
  fmt::print("\n{}: {} packets, {:.1f} MB, medians of {} rounds\n", file, packets,
             static_cast<double>(std::filesystem::file_size(file)) / 1e6, options.rounds);
  fmt::print("{:<48} {:>9} {:>7} {:>9} {:>8}\n", "program", "ns/packet", "ratio", "wall s",
             "peak MB");
  const auto& reference = contestants.front();
  const double reference_ns = reference.still_in() ? reference.cpu_ns() : 0;
  for (const Contestant& contestant : contestants) print_row(contestant, packets, reference_ns);
}

}  // namespace

void compare(const CompareOptions& options) {
  fmt::print("CPU time of user and kernel mode; ratio is against the first row.\n");
  for (const std::string& file : options.files) compare_over(file, options.contest);
}

}  // namespace tapdeck
