// Runs a program without input and output, and measures what it took.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tapdeck {

struct RunLimits {
  std::uint64_t seconds = 0;        // of CPU time
  std::uint64_t memory_octets = 0;  // that it may write to; address space alone costs nothing
};

struct MeasuredRun {
  std::int64_t cpu_ns = 0;  // in user and kernel mode, by all threads
  std::int64_t wall_ns = 0;
  std::int64_t peak_octets = 0;
  /// Empty if it ended by itself with exit code 0, else how it ended.
  std::string failure;
};

/// Requires: arguments[0] is the path of a program.
[[nodiscard]] MeasuredRun run_measured(std::vector<std::string> arguments, const RunLimits& limits);

/// The path of a program as a shell would find it; empty if there is none.
[[nodiscard]] std::string find_program(const std::string& name);

}  // namespace tapdeck
