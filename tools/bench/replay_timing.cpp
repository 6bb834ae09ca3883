// How near to their time frames reach the far end: the distance to the frame before, and the place
// on the schedule that counts from the first.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "tools/bench/far_capture.h"
#include "tools/bench/interruption.h"
#include "tools/bench/measured_run.h"
#include "tools/bench/replay_bench.h"
#include "tools/bench/replay_captures.h"
#include "tools/bench/scratch_file.h"
#include "tools/bench/wired_hosts.h"

namespace tapdeck {
namespace {

constexpr RunLimits limits{.seconds = 60, .memory_octets = std::uint64_t{8} << 30U};

struct Pace {
  std::string_view shown;
  std::uint64_t frames;
  std::int64_t gap_ns;
};

constexpr std::array paces{Pace{"1,000", 2'000, 1'000'000}, Pace{"10,000", 20'000, 100'000},
                           Pace{"100,000", 100'000, 10'000}};

/// What is measured of a round, in µs.
enum class Figure : std::uint8_t { gap_50, gap_99, gap_99_9, gap_most, place_99, last };
constexpr std::size_t figure_count = 6;
using Figures = std::array<double, figure_count>;

/// Requires: values isn't empty.
double quantile(std::vector<double> values, double share) {
  const auto index = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + index);
  return values[static_cast<std::size_t>(index)];
}

/// Requires: two arrivals or more.
Figures figures_of(const std::vector<std::int64_t>& arrivals, std::int64_t gap_ns) {
  std::vector<double> gaps, places;
  for (std::size_t i = 1; i < arrivals.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i) * gap_ns;
    gaps.push_back(std::abs(static_cast<double>(arrivals[i] - arrivals[i - 1] - gap_ns)) / 1e3);
    places.push_back(static_cast<double>(arrivals[i] - arrivals[0] - place) / 1e3);
  }
  const double last = places.back();
  for (double& place : places) place = std::abs(place);
  return {quantile(gaps, 0.5), quantile(gaps, 0.99),   quantile(gaps, 0.999),
          quantile(gaps, 1.0), quantile(places, 0.99), last};
}

struct Runner {
  ReplaySender sender;
  std::vector<Figures> rounds;
  std::string failure;

  [[nodiscard]] double figure(Figure which) const {
    std::vector<double> values;
    for (const Figures& round : rounds) values.push_back(round[static_cast<std::size_t>(which)]);
    return median(values);
  }
};

void run_once(const WiredHosts& hosts, const ReplayBenchOptions& options,
              const std::string& capture, const Pace& pace, Runner& runner) {
  end_if_interrupted();
  const ScratchFile arrived(options.folder, "arrived.pcap");
  FarCapture far(hosts, arrived.path(), pace.frames);
  runner.failure = run_measured(hosts.at_sender(runner.sender.over(capture)), limits).failure;
  end_if_interrupted();
  if (!runner.failure.empty()) return;
  const std::vector<std::int64_t> arrivals = far.arrivals();
  if (arrivals.empty()) {
    runner.failure = "frames were lost or out of order";
  } else {
    runner.rounds.push_back(figures_of(arrivals, pace.gap_ns));
  }
}

void print_row(const Runner& runner) {
  fmt::print("{:<36}", runner.sender.shown);
  if (!runner.failure.empty()) {
    fmt::print(" {}\n", runner.failure);
    return;
  }
  for (const Figure which :
       {Figure::gap_50, Figure::gap_99, Figure::gap_99_9, Figure::gap_most, Figure::place_99}) {
    fmt::print(" {:>9.2f}", runner.figure(which));
  }
  fmt::print(" {:>+11.1f}\n", runner.figure(Figure::last));
}

void measure(const WiredHosts& hosts, const ReplayBenchOptions& options, const Pace& pace) {
  const ScratchFile capture(options.folder, "paced.pcap");
  write_replay_capture(capture.path(), {.packets = pace.frames, .gap_ns = pace.gap_ns});
  std::vector<Runner> runners;
  for (ReplaySender sender :
       {own_sender(options, {"--timing", "normal"}), own_sender(options, {"--timing", "precise"}),
        other_sender("tcpreplay", {"--preload-pcap"}), other_sender("bittwist", {}),
        bare_sender("(a bare loop that watches the clock)", {"--in-time"})}) {
    runners.push_back({.sender = std::move(sender), .rounds = {}, .failure = {}});
    if (runners.back().sender.command.empty()) runners.back().failure = "not installed";
  }
  for (std::uint32_t round = 0; round < options.rounds; ++round) {
    for (Runner& runner : runners) {
      if (runner.failure.empty()) run_once(hosts, options, capture.path(), pace, runner);
    }
  }
  fmt::print("\n{:<36} {:>9} {:>9} {:>9} {:>9} {:>9} {:>11}\n",
             fmt::format("{} frames a second, {}", pace.shown, pace.frames), "gap p50", "p99",
             "p99.9", "max", "place p99", "last");
  for (const Runner& runner : runners) print_row(runner);
}

}  // namespace

void print_replay_timing(const WiredHosts& hosts, const ReplayBenchOptions& options) {
  fmt::print(
      "\nMicroseconds off, as tcpdump sees frames come at the far end, medians of {} rounds in\n"
      "turn: the distance to the frame before, the place counted from the first frame, and the\n"
      "last frame's place.\n",
      options.rounds);
  for (const Pace& pace : paces) measure(hosts, options, pace);
}

}  // namespace tapdeck
