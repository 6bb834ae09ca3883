// Months of live capture in minutes: short connections from a source that makes them up, through
// the loop of a live capture with a clock that runs as fast, and the memory that it takes
// meanwhile.
#pragma once

#include <cstdint>

namespace tapdeck {

struct MonthsOptions {
  std::uint64_t connections = 50'000'000;
  double days = 90;
};

/// Prints how far, and the memory, some twenty times. False: memory grew after the first tenth by
/// more than a tenth.
[[nodiscard]] bool run_months(const MonthsOptions& options);

}  // namespace tapdeck
