// What the receiving kernels made of the deliveries, as Linux decides it: whether a segment passed
// the check of timestamps (PAWS, RFC 7323 §5) and lay inside the window. Arrival alone doesn't make
// a repeat needless: a late original with an old timestamp is thrown away.
#pragma once

#include <cstdint>

#include "tools/lab/truth/recording.h"

namespace tapdeck {

struct ReceiverCounts {
  std::uint64_t old_timestamps = 0;  // thrown away by PAWS; compare with the kernel's PAWSEstab
  std::uint64_t beyond_window = 0;
};

/// Fills in Transmission::accepted of what went this way.
ReceiverCounts judge_deliveries(Recording& recording, Way way);

/// Fills in Transmission::needless. Call it when all deliveries are judged.
void find_needless_repeats(Recording& recording);

}  // namespace tapdeck
