// How long a sender was silent before a segment, and what it had heard of its peer until then: what
// tells a segment that a timer sent again from one that an arrival drew.
#pragma once

#include <cstdint>

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// The sender's silence before a segment that looks new.
struct Pause {
  std::int64_t length = 0;      // since its last bytes
  std::int64_t of_packets = 0;  // …or any packet
  std::int64_t shortest = 0;    // after which it may send again what nobody saw
  std::int64_t since_ack = 0;   // since the peer's last word on its bytes
  bool repairing = false;       // something is known to be lost
  bool crossed = false;         // that word had not come to it
  bool drawn_lately = false;    // …but something else, after which no timer can have run out
  bool by_fin_alone = false;    // …a FIN, whose ACK waits for what follows it
};
[[nodiscard]] Pause pause_before(const Hearing& hearing, const PathView& path);

/// Its sender had its peer's last ACK when it sent the segment. Not so if the echo is older: with
/// nothing outstanding a host echoes each segment that it gets (RFC 7323 §4.3).
[[nodiscard]] bool has_heard_last_ack(const Hearing& hearing);

/// When the sender got the last of what its segment is the first to acknowledge.
struct Drawn {
  std::int64_t since_ns = INT64_MAX;  // ago; for ever if that is nothing
  bool by_last_copy = true;
  bool by_fin_alone = false;
};
/// Of bytes that came more than once the echo names the copy; without it, only what follows at once
/// was drawn by the last one: timers of both ends that wait for each other's answers run out about
/// together.
[[nodiscard]] Drawn drawn_by(const Hearing& hearing);

/// What the sender's retransmission timer runs, as far as this capture knows its round trip.
[[nodiscard]] std::int64_t timeout_of(const Hearing& hearing);

/// The sender was silent for about as long as its timer runs, since it got what the segment is the
/// first to acknowledge, or since it sent something if that is nothing or a mere FIN.
[[nodiscard]] bool is_timed(const Hearing& hearing);

/// A timer of its sender fired before the segment, by its flow label: its peer had sent nothing
/// again, which would have been another reason for a new one.
[[nodiscard]] bool shows_timer(const Hearing& hearing);

}  // namespace tapdeck
