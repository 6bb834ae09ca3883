// Programs that do the same with a capture, measured in turn.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/bench/measured_run.h"

namespace tapdeck {

/// A program over a file, and how its runs went.
struct Contestant {
  std::string shown;
  std::vector<std::string> command;
  std::string not_run;  // why, if it isn't
  std::vector<MeasuredRun> runs;

  [[nodiscard]] bool still_in() const {
    return not_run.empty() && (runs.empty() || runs.back().failure.empty());
  }
  /// Empty as long as it is still in.
  [[nodiscard]] std::string why_out() const {
    return not_run.empty() && !runs.empty() ? runs.back().failure : not_run;
  }
  /// Medians. Requires: it ran.
  [[nodiscard]] double cpu_ns() const;
  [[nodiscard]] double wall_ns() const;
  [[nodiscard]] double peak_octets() const;
};

enum class Slowness : std::uint8_t {
  fast,
  slow,  // larger captures take it too long to be of use
};

/// Another program that reads captures; `name` is what its row or column is called.
struct Peer {
  std::string_view name;
  std::span<const std::string_view> arguments;  // before the file's name
  Slowness slowness = Slowness::fast;

  [[nodiscard]] Contestant over(const std::string& file) const;
};
[[nodiscard]] std::span<const Peer> peers();

struct ContestOptions {
  std::string tapdeck;  // path of the program
  std::uint32_t rounds = 5;
  std::uint64_t limit_seconds = 120;  // CPU time of one run
};

/// tapdeck analyze in a format.
[[nodiscard]] Contestant tapdeck_over(const std::string& file, std::string_view format,
                                      const ContestOptions& options);

/// Each that is still in runs once a round, one after the other.
void run_rounds(std::span<Contestant> contestants, const ContestOptions& options);

}  // namespace tapdeck
