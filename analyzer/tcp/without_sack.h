// Without SACK a receiver says little of what it holds: duplicate ACKs are counted instead, against
// the repeats that may have drawn them and against what stood when a timeout sent it all again.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Without SACK a needless copy draws a duplicate ACK, one each, a round trip after it. Bytes above
/// what it acknowledges draw one too, if they were sent a round trip before. Answers come in the
/// order of what draws them: what was sent before a repeat that filled a hole has had its own.
void note_drawn_duplicate(const Hearing& hearing, PendingVerdicts& pendings);

/// An ACK that advances: by the count of duplicate ACKs, most of what a timeout sent again may have
/// been held.
void note_held(const Hearing& hearing, PendingVerdicts& pendings,
               const SendSpace::Acknowledged& acknowledged, SeqNum point, bool after_timeout);

/// Of what stands at a timeout; where the capture lacks some of it, or one frame is several
/// packets, the count can't be right.
void note_sending_again(const Hearing& hearing);

/// Each ACK below the recovery's point draws the segment that it asks for, once, however lately
/// that was sent (RFC 6582 §3.2).
[[nodiscard]] bool is_asked_for_by_partial_ack(const Hearing& hearing, const SentSegment& earlier);

}  // namespace tapdeck
