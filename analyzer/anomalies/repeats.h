// What was sent again: why, and what had become of it.
#pragma once

#include "analyzer/anomalies/facts.h"

namespace tapdeck {

/// How often one byte was sent, as far as that was seen here.
struct Sendings {
  std::uint32_t count = 0;
  std::int64_t first_ns = 0, last_ns = 0;
  Moment repeated;  // where it first came again; of frame 0: not known
  bool needed = false;
};
[[nodiscard]] Sendings sendings_of(const ConnectionFacts& facts, Side sender, SeqNum position);

/// Requires: the verdict is a retransmission.
void note_retransmission(const VerdictFacts& facts, Findings& findings);

}  // namespace tapdeck
