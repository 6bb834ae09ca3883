// Packets that never came here, as IP IDs that count up tell: which of them were answers, repeats
// and segments of open gaps, and which the first transmissions of bytes that look new.
#pragma once

#include <cstdint>

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Of this connection, right before a packet: the segments of the gap that it shows, and perhaps
/// repeats of what was missing already, and ACKs.
[[nodiscard]] MissingPackets missing_before(const Hearing& hearing, const SendSpace::Seen& seen,
                                            SeqNum snd_nxt_before);

/// ACKs of the segments below the last that a pure ACK is the first to acknowledge. Where data come
/// instead, as often none was sent: there a step tells of other packets that are counted.
[[nodiscard]] std::int64_t acks_overtaken(const Case& at_hand, const Transfer& peers);

/// Packets whose IP IDs are missing below this one, less those that were something else. ACKs that
/// the sender owed its peer may have gone with the lost data.
[[nodiscard]] std::int64_t lost_first_transmissions(const Hearing& hearing,
                                                    const SendSpace::Seen& seen,
                                                    SeqNum snd_nxt_before, bool acks_with_data);

}  // namespace tapdeck
