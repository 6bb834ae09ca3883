// Segments that only the capture missed: whether they were told as such.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/lab/scoring/verdict_list.h"
#include "tools/lab/truth/recording.h"

namespace tapdeck {

struct MissedScore {
  std::uint64_t segments = 0;            // delivered, never captured, and seen to be missing
  std::uint64_t told = 0;                // `not_captured` stands where that shows
  std::uint64_t as_loss = 0;             // `lost_upstream` or `lost_downstream` stands there
  std::vector<std::uint64_t> untold_at;  // frames of `missing.pcap` where it shows

  MissedScore& operator+=(const MissedScore& other);
};

/// For missing.pcap. Requires: deliveries are judged.
[[nodiscard]] MissedScore score_missed(const Recording& recording, const VerdictList* said);

}  // namespace tapdeck
