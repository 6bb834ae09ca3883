// Whether a sender takes its reaction to a timeout back, because it was needless.
#pragma once

#include <cstdint>

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// A sender with timestamps sees by the echo that its timeout was needless, and what it had sent
/// again before (RFC 3522); one with SACK by word of what it had sent before and not since
/// (RFC 5682 §3). It goes on as before.
void note_undo(const Hearing& hearing, const SendSpace::Acknowledged& acknowledged,
               std::uint32_t newly_sacked);

}  // namespace tapdeck
