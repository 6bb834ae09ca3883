#include "analyzer/tcp/recovery.h"

#include <algorithm>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

std::int64_t lately_ns(const Recovery::Repeat& repeat) {
  return std::max<std::int64_t>(repeat.round_trip_ns, 1'000'000);
}

}  // namespace

std::int64_t Recovery::timeout_ns(std::int64_t round_trip_ns, std::int64_t variation_ns) {
  constexpr std::int64_t least_variation = 200'000'000;
  constexpr std::int64_t initial = 1'000'000'000;
  if (round_trip_ns == 0) return initial;
  return round_trip_ns + std::max(4 * variation_ns, least_variation);
}

void Recovery::on_advance(SeqNum ack, std::int64_t time_ns) {
  x_last_ack_ns = x_timer_ns = time_ns;
  x_duplicate_acks = 0;
  x_timeouts = 0;
  if (precedes(x_probe_end, ack)) x_probed = false;
  if (x_phase == Phase::open || precedes(ack, x_point)) return;
  x_ended_timeout = x_phase == Phase::after_timeout;
  x_phase = Phase::open;
  x_ended_ns = time_ns;
}

Trigger Recovery::begin(Phase phase, const Repeat& repeat, Trigger trigger) {
  x_phase = phase;
  x_probed = false;
  x_point = repeat.snd_nxt;
  x_began_ns = repeat.time_ns;
  return trigger;
}

/// The retransmission timer had the time to fire: duplicate ACKs don't restart it.
bool Recovery::is_late(const Repeat& repeat) const {
  const std::int64_t timeout = timeout_ns(repeat.round_trip_ns, repeat.variation_ns);
  const std::int64_t running = wait_ns(x_timer_ns, repeat.time_ns) - repeat.sender_half_ns;
  // Half the smoothed round trip is left for what the capture can't see of the sender's estimate.
  return running >= (timeout - repeat.round_trip_ns / 2) * 9 / 10;
}

Trigger Recovery::by_timeout(const Repeat& repeat) {
  x_doubts_timeout = x_phase == Phase::open || x_timeouts > 0;
  x_timer_ns = repeat.time_ns;
  if (x_timeouts != 255) ++x_timeouts;
  x_duplicate_acks = 0;
  return begin(Phase::after_timeout, repeat, Trigger::timeout);
}

/// Twice as long as the retransmission timer runs: that allows for what isn't seen of it. Where the
/// SYN had to be sent again and an earlier copy was timed, that was the first round trip; a timer
/// may be late by an eighth.
bool Recovery::is_too_late_for_probe(const Repeat& repeat) {
  if (repeat.seen_ns == 0) return false;
  const std::int64_t waited = wait_ns(repeat.seen_ns, repeat.time_ns);
  if (waited <= 2 * timeout_ns(repeat.round_trip_ns, repeat.variation_ns)) return false;
  if (repeat.syn_waited_ns == 0) return true;
  const std::int64_t timed = repeat.round_trip_ns + repeat.syn_waited_ns;
  return waited < repeat.syn_waited_ns * 3 / 2 ||
         waited > 2 * timeout_ns(timed, repeat.variation_ns) * 9 / 8;
}

/// A probe sends the tail again (RFC 8985 §7.3), there is one at a time, and none comes later than
/// the retransmission timer would fire (§7.2).
bool Recovery::may_be_probe(const Repeat& repeat) const {
  return repeat.end == repeat.snd_nxt && !repeat.tail_goes_on && repeat.sack && !x_probed &&
         x_timeouts == 0 && x_phase == Phase::open && !is_too_late_for_probe(repeat);
}

Trigger Recovery::by_probe(const Repeat& repeat) {
  x_probed = true;
  x_probe_end = repeat.end;
  return Trigger::tail_loss_probe;
}

Trigger Recovery::by_timer(const Repeat& repeat, bool late) {
  const bool head = at_or_before(repeat.begin, repeat.snd_una);
  // A probe's timer runs two round trips; with one segment in flight the receiver's delayed ACK is
  // allowed for, so that it fires where the retransmission timer would (RFC 8985 §7.2).
  const bool probe_due = x_silence_ns >= repeat.round_trip_ns * 7 / 4;
  if (may_be_probe(repeat) && probe_due && (!head || late)) return by_probe(repeat);
  return head && late ? by_timeout(repeat) : Trigger::none;
}

Trigger Recovery::on_retransmission(const Repeat& repeat) {
  const std::int64_t since_sent = wait_ns(x_last_sent_ns, repeat.time_ns);
  const std::int64_t since_ack = wait_ns(x_last_ack_ns, repeat.time_ns) - repeat.sender_half_ns;
  x_silence_ns =
      x_last_sent_ns == 0 ? 0 : std::max<std::int64_t>(0, std::min(since_sent, since_ack));
  x_last_repeat_ns = repeat.time_ns;
  const bool late = is_late(repeat);
  if (repeat.timer_fired) return by_timeout(repeat);
  // ACKs never make anybody send a SYN again.
  if (repeat.syn) return late || !repeat.answers ? by_timeout(repeat) : Trigger::none;
  const std::int64_t since_sign = wait_ns(x_last_sign_ns, repeat.time_ns) - repeat.sender_half_ns;
  const Trigger timed = is_drawn(repeat, since_sign) ? Trigger::none : by_timer(repeat, late);
  if (timed != Trigger::none) return timed;
  if (at_or_before(repeat.begin, repeat.snd_una)) x_timer_ns = repeat.time_ns;
  switch (x_phase) {
    case Phase::recovering:
      return Trigger::sack_recovery;
    case Phase::after_timeout:
      // That a repeat was lost too, ACKs of later ones tell alone (RFC 8985 §6.2).
      if (!repeat.sack || repeat.repeated_ns < x_began_ns) return Trigger::go_back_n;
      return begin(Phase::recovering, repeat, Trigger::fast);
    case Phase::open:
      break;
  }
  if (is_rest_of_lost_tail(repeat)) return begin(Phase::after_timeout, repeat, Trigger::go_back_n);
  if (is_asked_for(repeat, since_sign)) return begin(Phase::recovering, repeat, Trigger::fast);
  // Whatever the timers were set to: nothing else sends again so late.
  const Trigger silent = x_silence_ns >= shortest_timer_ns ? by_timer(repeat, true) : Trigger::none;
  if (silent != Trigger::none) return silent;
  const bool probe_due = x_silence_ns >= repeat.round_trip_ns && repeat.round_trip_ns != 0;
  return probe_due && may_be_probe(repeat) ? by_probe(repeat) : Trigger::unknown;
}

/// What stood above all that was seen when the timer fired, too.
bool Recovery::is_rest_of_lost_tail(const Repeat& repeat) const {
  const std::int64_t since_end = wait_ns(x_ended_ns, repeat.time_ns) - repeat.sender_half_ns;
  return x_ended_timeout && since_end < lately_ns(repeat) && repeat.seen_ns == 0 &&
         repeat.end == repeat.snd_nxt && !repeat.sacked_above && x_duplicate_acks == 0;
}

/// The peer told of what came past it: bytes above it, or lately what was sent again later.
bool Recovery::is_asked_for(const Repeat& repeat, std::int64_t since_sign) const {
  if (repeat.sacked_above || x_duplicate_acks > 0) return true;
  if (x_last_sign_ns != 0 && since_sign < lately_ns(repeat)) return true;
  // Sooner than it can have come there, the ACK that ended the last recovery asks for nothing.
  const std::int64_t since_end = wait_ns(x_ended_ns, repeat.time_ns) - repeat.sender_half_ns;
  return x_ended_ns != 0 && repeat.sack && since_end < lately_ns(repeat) &&
         since_end > -repeat.sender_half_ns / 4 - 1'000'000;
}

/// At once behind word of what arrived above it: no timer fires so exactly.
bool Recovery::is_drawn(const Repeat& repeat, std::int64_t since_sign) const {
  constexpr std::int64_t at_once = 1'000'000;
  return repeat.sacked_above && x_phase == Phase::open && x_last_sign_ns != 0 &&
         since_sign <= std::max(at_once, repeat.sender_half_ns / 8);
}

}  // namespace tapdeck
