// What each segment tells of the retransmissions that wait for a verdict: whether they were needed.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Word from the receiver about what retransmissions wait for.
void note_answer(const Case& at_hand, const Transfer& own, const Transfer& peers,
                 PendingVerdicts& pendings, const SendSpace::Acknowledged& acknowledged);

/// The receiver had [begin, end) before, and got it once more (RFC 2883).
void note_d_sack(const Case& at_hand, const RoundTrip& to_receiver, PendingVerdicts& pendings,
                 SeqNum begin, SeqNum end);

/// The network made another of them on the way.
void note_copy(const Hearing& hearing, PendingVerdicts& pendings);

/// Sent before the repeat, come after it, and not refused: the repeat was needless.
void note_late_original(const Hearing& hearing, PendingVerdicts& pendings);

}  // namespace tapdeck
