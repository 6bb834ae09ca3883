// A lost tail that is sent again looks new to a capture behind the loss: what tells of it.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Bytes above all that was seen look new; they may be a lost tail that is sent again. IP IDs that
/// are missing before a pause tell of it; without them, the pause itself.
[[nodiscard]] OriginVerdict tell_top(Hearing& hearing, const SendSpace::Seen& seen,
                                     const PathView& path, SeqNum snd_nxt_before);

/// What the IP IDs missing before the first repeat of a recovery tell: nothing had been sent again,
/// so they are of bytes above all that was seen.
void note_lost_tail(Hearing& hearing, SeqNum snd_nxt_before);

/// The peer holds so many octets right above all that was seen: they were sent, and weren't lost.
/// Where that is most of what seemed lost, the capture missed the rest too.
void note_top_held(Transfer& own, std::uint32_t octets);

}  // namespace tapdeck
