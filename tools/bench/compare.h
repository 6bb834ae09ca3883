// Measures tapdeck beside other programs that read the same captures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tapdeck {

struct CompareOptions {
  std::vector<std::string> files;
  std::string tapdeck;  // path of the program
  std::uint32_t rounds = 5;
  std::uint64_t limit_seconds = 120;  // CPU time of one run
};

/// Runs every installed program over every file, `rounds` times in turn, and prints a table of
/// medians a file. The files are read once before, so that all find them in memory.
void compare(const CompareOptions& options);

}  // namespace tapdeck
