// Whether a retransmission was needed, by the peer's answers: the evidence is gathered while the
// verdict is pending and weighed when it settles.
#pragma once

#include "analyzer/tcp/pending_verdicts.h"
#include "analyzer/tcp/round_trip.h"

namespace tapdeck {

/// How long evidence about a segment counts: three retransmission timeouts, at least 1 s and at
/// most 5 s of packet time. The timeout doubles each time that it fires (RFC 6298 §5.5).
[[nodiscard]] constexpr std::int64_t evidence_time_ns(std::int64_t timeout_ns) {
  constexpr std::int64_t least = 1'000'000'000;
  constexpr std::int64_t most = 5'000'000'000;
  const std::int64_t wanted = timeout_ns > most ? most : 3 * timeout_ns;
  return wanted < least ? least : wanted > most ? most : wanted;
}
inline constexpr std::uint64_t evidence_frames = 65'536;

/// Between two hosts, there and back.
inline constexpr std::int64_t shortest_way_ns = 200'000;

/// Sooner than that after a segment nothing answers it. The least of many samples is near the
/// truth; of few, a handshake's often, it waited for more than the way.
[[nodiscard]] inline std::int64_t soonest_answer_ns(const RoundTrip& round_trip) {
  constexpr std::uint32_t many = 16;
  const std::int64_t least = round_trip.least();
  return least - least / (round_trip.samples() < many ? 4 : 32);
}

/// The least of both halves; 0 where it is unknown: what is beside the receiver, and never heard
/// the sender answer, has measured nothing of the way.
[[nodiscard]] inline std::int64_t least_round_trip_ns(const RoundTrip& to_receiver,
                                                      const RoundTrip& to_sender) {
  if (!to_sender.known() && to_receiver.least() < shortest_way_ns) return 0;
  return to_receiver.least() + to_sender.least();
}

/// Near enough to one end that what happens on the way happens behind this point.
[[nodiscard]] inline bool is_beside(const RoundTrip& near, const RoundTrip& far) {
  return near.known() && far.known() && near.least() < far.least() / 4;
}

/// Fills in what the pending verdict left open. The round trip is that to the receiver and back.
void weigh_delivery(PendingVerdict& pending, const RoundTrip& round_trip);

}  // namespace tapdeck
