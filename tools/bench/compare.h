// Measures tapdeck beside other programs that read the same captures.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/contest.h"

namespace tapdeck {

struct CompareOptions {
  std::vector<std::string> files;
  ContestOptions contest;
};

/// Runs every installed program over every file, `rounds` times in turn, and prints a table of
/// medians a file. The files are read once before, so that all find them in memory.
void compare(const CompareOptions& options);

}  // namespace tapdeck
