// One table of what tapdeck costs: over each kind of traffic beside other programs, and how the
// cost grows with packets and flows.
#pragma once

#include <cstdint>
#include <string>

#include "tools/bench/contest.h"

namespace tapdeck {

struct TableOptions {
  std::uint64_t packets = 1'000'000;  // of each capture; the last ones hold ten times as many
  std::string folder;                 // where captures lie while they are measured
  ContestOptions contest;
};

/// Captures are generated with fixed seeds, one after the other, and removed when they are
/// measured.
void print_table(const TableOptions& options);

}  // namespace tapdeck
