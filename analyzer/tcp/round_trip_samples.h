// What an acknowledgment tells of the time from this capture point to its sender and back.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Karn's rule (RFC 6298 §3), and only where the acknowledgment was drawn by the newest bytes that
/// it covers. Timestamps bound the least from above (RFC 7323 §4.1).
void measure_round_trip(const Case& at_hand, Transfer& peers,
                        const SendSpace::Acknowledged& acknowledged);

}  // namespace tapdeck
