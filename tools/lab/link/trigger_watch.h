// Why a kernel sends a segment again: its counters of timeouts, recovery and probes, read whenever
// a repeat leaves the host.
#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "captures/bytes.h"

namespace tapdeck {

/// The kernel's own kinds, with its counters beside them.
inline constexpr std::array<std::string_view, 4> trigger_names{
    "timeout",          // TCPTimeouts
    "tail_loss_probe",  // TCPLossProbes
    "recovery",         // TCPFastRetrans
    "go_back_n",        // TCPSlowStartRetrans
};

/// Raised counters that no repeat has claimed yet.
class TriggerPool {
 public:
  using Counters = std::array<std::uint64_t, trigger_names.size()>;

  /// The trigger of the next repeat, when the counters stand like this: one name, several joined by
  /// '|' where more than one kind was raised, or nothing (an answer to a repeated SYN).
  [[nodiscard]] std::string claim(const Counters& counters);

 private:
  Counters x_last{};
  Counters x_unclaimed{};
};

class TriggerWatch {
 public:
  explicit TriggerWatch(const std::string& network_namespace);

  /// To be shown every TCP frame that the host sent. The trigger of a repeat; else nothing.
  [[nodiscard]] std::string look_at(Bytes frame);

 private:
  [[nodiscard]] bool is_repeat(Bytes frame);
  [[nodiscard]] TriggerPool::Counters read_counters();

  std::ifstream x_file;
  TriggerPool x_pool;
  std::map<std::uint32_t, std::uint32_t> x_highest;  // by the pair of ports: the next number
};

}  // namespace tapdeck
