// Keep-alives and window probes: segments that ask for an ACK, and bring a byte at most.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Keep-alives ask with nothing outstanding, window probes while the peer's window is closed; both
/// begin one below snd_nxt, a probe may bring the next byte instead (RFC 9293 §3.8.4, §3.8.6.1).
void judge_probe(Hearing& hearing, bool was_probing);

/// The byte of a window probe counts as sent once the peer takes it.
void accept_probe(Hearing& hearing);

}  // namespace tapdeck
