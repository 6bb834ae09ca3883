#include "tools/bench/contest.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tapdeck {
namespace {

constexpr std::uint64_t memory_limit_octets = std::uint64_t{8} << 30U;

using Words = std::string_view;
constexpr std::array<Words, 3> sizes_and_times{"-c", "-T", "-m"};
constexpr std::array<Words, 4> copy_to_nowhere{"-n", "-w", "/dev/null", "-r"};
constexpr std::array<Words, 2> long_report{"-n", "-l"};
constexpr std::array<Words, 3> flow_records{"-w", "/dev/null", "-r"};
constexpr std::array<Words, 5> tcp_conversations{"-n", "-q", "-z", "conv,tcp", "-r"};

constexpr std::array all_peers{
    Peer{"capinfos", sizes_and_times},
    Peer{"tcpdump", copy_to_nowhere},
    Peer{"tcptrace", long_report},
    Peer{"argus", flow_records},
    Peer{"tshark", tcp_conversations, Slowness::slow},
};

Contestant enter(std::string_view name, const std::string& program,
                 std::span<const std::string_view> arguments, const std::string& file) {
  Contestant contestant;
  contestant.shown = name;
  contestant.command.push_back(program);
  for (const std::string_view argument : arguments) {
    contestant.shown.append(" ").append(argument);
    contestant.command.emplace_back(argument);
  }
  contestant.command.push_back(file);
  if (program.empty()) contestant.not_run = "not installed";
  return contestant;
}

double median(const std::vector<MeasuredRun>& runs, std::int64_t MeasuredRun::*value) {
  std::vector<std::int64_t> values;
  for (const MeasuredRun& run : runs) values.push_back(run.*value);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return static_cast<double>(*middle);
}

}  // namespace

double Contestant::cpu_ns() const { return median(runs, &MeasuredRun::cpu_ns); }
double Contestant::wall_ns() const { return median(runs, &MeasuredRun::wall_ns); }
double Contestant::peak_octets() const { return median(runs, &MeasuredRun::peak_octets); }

Contestant tapdeck_over(const std::string& file, std::string_view format,
                        const ContestOptions& options) {
  const std::array<Words, 8> analyze{"analyze", "--threads", "1",         "--format",
                                     format,    "-o",        "/dev/null", "-r"};
  return enter("tapdeck", options.tapdeck, analyze, file);
}

Contestant Peer::over(const std::string& file) const {
  return enter(name, find_program(std::string(name)), arguments, file);
}

std::span<const Peer> peers() { return all_peers; }

void run_rounds(std::span<Contestant> contestants, const ContestOptions& options) {
  const RunLimits limits{.seconds = options.limit_seconds, .memory_octets = memory_limit_octets};
  for (std::uint32_t round = 0; round < options.rounds; ++round) {
    for (Contestant& contestant : contestants) {
      if (!contestant.still_in()) continue;
      contestant.runs.push_back(run_measured(contestant.command, limits));
    }
  }
}

}  // namespace tapdeck
