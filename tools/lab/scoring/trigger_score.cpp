#include "tools/lab/scoring/trigger_score.h"

#include <algorithm>
#include <fstream>

#include "captures/failure.h"
#include "tools/lab/link/settings.h"

namespace tapdeck {
namespace {

std::uint64_t counter(const std::map<std::string, std::uint64_t>& counters,
                      const std::string& name) {
  const auto found = counters.find(name);
  if (found == counters.end()) {
    throw Failure(ExitCode::unreadable_input, "the kernel has no counter " + name);
  }
  return found->second;
}

/// The last timeout of a connection given up sends nothing.
std::uint64_t repeating_timeouts(const std::map<std::string, std::uint64_t>& counters) {
  const std::uint64_t all = counter(counters, "TcpExt.TCPTimeouts");
  return all - std::min(all, counter(counters, "TcpExt.TCPAbortOnTimeout"));
}

/// TCPLossProbes counts probes with new data too: those that repeat are at most what no other
/// counter claims of all segments sent again.
std::uint64_t repeating_probes(const std::map<std::string, std::uint64_t>& counters) {
  const std::uint64_t others = repeating_timeouts(counters) +
                               counter(counters, "TcpExt.TCPFastRetrans") +
                               counter(counters, "TcpExt.TCPSlowStartRetrans");
  const std::uint64_t all = counter(counters, "Tcp.RetransSegs");
  return std::min(counter(counters, "TcpExt.TCPLossProbes"), all - std::min(all, others));
}

struct TriggerWord {
  std::string_view word;
  KernelTrigger trigger;
};

constexpr std::array trigger_words{TriggerWord{"timeout", KernelTrigger::timeout},
                                   TriggerWord{"fast", KernelTrigger::recovery},
                                   TriggerWord{"sack_recovery", KernelTrigger::recovery},
                                   TriggerWord{"tail_loss_probe", KernelTrigger::tail_loss_probe},
                                   TriggerWord{"go_back_n", KernelTrigger::go_back_n}};

/// As the truth names it: TriggerPool::claim.
std::string_view kernel_name(KernelTrigger trigger) {
  return trigger == KernelTrigger::recovery ? "recovery" : to_string(trigger);
}

void count_certain(const ClassifiedFrame& frame, const VerdictList* said, TriggerScore& score) {
  for (const auto& [word, trigger] : trigger_words) {
    if (frame.trigger != kernel_name(trigger)) continue;
    // Two words stand for recovery: either will do, and it counts once.
    if (word != "sack_recovery") ++score.certain;
    if (said != nullptr && said->says(frame.frame, word)) ++score.certain_told;
  }
}

}  // namespace

std::string_view to_string(KernelTrigger trigger) {
  switch (trigger) {
    case KernelTrigger::timeout:
      return "timeout";
    case KernelTrigger::recovery:
      return "fast+sack_recovery";
    case KernelTrigger::tail_loss_probe:
      return "tail_loss_probe";
    case KernelTrigger::go_back_n:
      return "go_back_n";
  }
  return "invalid";
}

TriggerScore& TriggerScore::operator+=(const TriggerScore& other) {
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    said[i] += other.said[i];
    kernel[i] += other.kernel[i];
  }
  retransmissions += other.retransmissions;
  unknown += other.unknown;
  certain += other.certain;
  certain_told += other.certain_told;
  return *this;
}

double TriggerScore::disagreement() const {
  std::uint64_t sum = 0;
  std::uint64_t difference = 0;
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    sum += kernel[i];
    difference += std::max(said[i], kernel[i]) - std::min(said[i], kernel[i]);
  }
  return sum == 0 ? 0 : static_cast<double>(difference) / static_cast<double>(sum);
}

std::map<std::string, std::uint64_t> read_counters(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Failure(ExitCode::unreadable_input, path + " isn't there");
  std::map<std::string, std::uint64_t> counters;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> cells = split_at(line, '\t');
    // One counter is signed (Tcp.MaxConn: -1) and means nothing here.
    if (cells.size() == 2 && !cells[1].starts_with('-')) counters[cells[0]] = std::stoull(cells[1]);
  }
  return counters;
}

TriggerScore score_triggers(const std::vector<ClassifiedFrame>& truth,
                            const std::vector<Sighting>& sightings, const VerdictList* said,
                            Way way, const std::map<std::string, std::uint64_t>& counters) {
  TriggerScore score;
  score.kernel = {repeating_timeouts(counters), counter(counters, "TcpExt.TCPFastRetrans"),
                  repeating_probes(counters), counter(counters, "TcpExt.TCPSlowStartRetrans")};
  for (const ClassifiedFrame& frame : truth) {
    if (frame.way != way) continue;
    if (frame.frame_class == FrameClass::retransmission) ++score.retransmissions;
    count_certain(frame, said, score);
    if (said == nullptr) continue;
    const std::size_t segments = sightings.at(frame.frame - 1).transmissions.size();
    for (const auto& [word, trigger] : trigger_words) {
      if (said->says(frame.frame, word)) score.said[static_cast<std::size_t>(trigger)] += segments;
    }
    if (said->says(frame.frame, "unknown_trigger")) ++score.unknown;
  }
  return score;
}

}  // namespace tapdeck
