// What was sent again: why, and what had become of it.
#pragma once

#include "analyzer/anomalies/facts.h"

namespace tapdeck {

/// Requires: the verdict is a retransmission.
void note_retransmission(const VerdictFacts& facts, Findings& findings);

}  // namespace tapdeck
