// Whether a retransmission was needed, by the peer's answers: the evidence is gathered while the
// verdict is pending and weighed when it settles.
#pragma once

#include "analyzer/tcp/pending_verdicts.h"

namespace tapdeck {

/// How long evidence about a segment counts: three retransmission timeouts, at least 1 s and at
/// most 5 s of packet time.
[[nodiscard]] constexpr std::int64_t evidence_time_ns(std::int64_t timeout_ns) {
  constexpr std::int64_t least = 1'000'000'000;
  constexpr std::int64_t most = 5'000'000'000;
  const std::int64_t wanted = timeout_ns > most ? most : 3 * timeout_ns;
  return wanted < least ? least : wanted > most ? most : wanted;
}
inline constexpr std::uint64_t evidence_frames = 65'536;

/// Fills in what the pending verdict left open.
void weigh_delivery(PendingVerdict& pending);

}  // namespace tapdeck
