#include "analyzer/tcp/delivery.h"

namespace tapdeck {
namespace {

/// At the receiver what passed was delivered; PAWS alone can have refused it.
DeliveryReason weigh_at_receiver(const PendingVerdict& pending) {
  if (pending.late_original) return DeliveryReason::late_original;
  if (!pending.earlier_seen) return DeliveryReason::first_copy_missing;
  return DeliveryReason::delivery_seen;
}

/// Of a SYN+ACK that another SYN drew, while no round trip was known. The answer to an earlier one
/// came first, or that SYN was sent before an earlier one could come: no sign of its loss.
bool answers_crossed_syn(const PendingVerdict& pending, const RoundTrip& round_trip) {
  if (!pending.covered || pending.since_earlier_ns == 0) return false;
  if (!round_trip.known()) return pending.since_earlier_ns < pending.covered_after_ns;
  return pending.since_earlier_ns < round_trip.least() ||
         pending.covered_after_ns < soonest_answer_ns(round_trip);
}

/// By the round trip known when the verdict is due; of a SYN the first copy must have passed. One
/// measurement, a handshake's often, may be of what was overtaken: but where both ends sent SYNs
/// again, their timers ran out about together and answers cross.
bool came_too_soon(const PendingVerdict& pending, const RoundTrip& round_trip) {
  const bool syn = (pending.segment.verdict.connection_words & ConnectionWord::syn) != 0;
  if (!pending.covered || (syn && !pending.earlier_seen)) return false;
  const bool lone = round_trip.samples() < 2 && !syn;
  return pending.covered_after_ns < (lone ? round_trip.least() / 2 : soonest_answer_ns(round_trip));
}

/// The echo of the receiver's first answer names the copy that it took (RFC 3522); a D-SACK tells
/// that there was a second one, which the network may have made.
DeliveryReason weigh_answers(const PendingVerdict& pending, const RoundTrip& round_trip) {
  if (pending.next_d_sacked) return DeliveryReason::next_copy_d_sacked;
  if (pending.echoed) return DeliveryReason::acknowledged_after;
  if (pending.echoed_earlier) return DeliveryReason::eifel;
  if (pending.late_original) return DeliveryReason::late_original;
  if (pending.d_sacks > pending.copies) return DeliveryReason::d_sack;
  if (came_too_soon(pending, round_trip)) return DeliveryReason::answered_too_soon;
  if (pending.drew_duplicate_ack) return DeliveryReason::duplicate_ack_drawn;
  if (pending.mostly_held) return DeliveryReason::mostly_held;
  if (pending.answered_from_time_wait) return DeliveryReason::answered_from_time_wait;
  if (pending.answer_missing) return DeliveryReason::answer_missing;
  if (answers_crossed_syn(pending, round_trip)) return DeliveryReason::syn_crossed;
  return pending.covered ? DeliveryReason::acknowledged_after : DeliveryReason::no_answer;
}

bool is_needless(DeliveryReason reason) {
  switch (reason) {
    case DeliveryReason::acknowledged_before:
    case DeliveryReason::sacked_before:
    case DeliveryReason::d_sack:
    case DeliveryReason::next_copy_d_sacked:
    case DeliveryReason::eifel:
    case DeliveryReason::answered_too_soon:
    case DeliveryReason::delivery_seen:
    case DeliveryReason::late_original:
    case DeliveryReason::duplicate_ack_drawn:
    case DeliveryReason::mostly_held:
    case DeliveryReason::syn_crossed:
    case DeliveryReason::answered_from_time_wait:
    case DeliveryReason::answer_missing:
      return true;
    case DeliveryReason::none:
    case DeliveryReason::first_copy_missing:
    case DeliveryReason::acknowledged_after:
    case DeliveryReason::paws_dropped:
    case DeliveryReason::corrupted:
    case DeliveryReason::not_taken:
    case DeliveryReason::reneged:
    case DeliveryReason::no_answer:
      return false;
  }
  return false;
}

}  // namespace

void weigh_delivery(PendingVerdict& pending, const RoundTrip& round_trip) {
  Verdict& verdict = pending.segment.verdict;
  if (pending.not_taken || pending.reneged) {  // nothing was lost
    verdict.delivery_reason = pending.reneged ? DeliveryReason::reneged : DeliveryReason::not_taken;
    return;
  }
  if (verdict.delivery_reason == DeliveryReason::none) {
    verdict.delivery_reason = pending.corrupted     ? DeliveryReason::corrupted
                              : pending.refused     ? DeliveryReason::paws_dropped
                              : pending.at_receiver ? weigh_at_receiver(pending)
                                                    : weigh_answers(pending, round_trip);
  }
  verdict.spurious = is_needless(verdict.delivery_reason);
  if (verdict.spurious) return;
  verdict.lost_downstream = pending.earlier_seen || pending.at_sender;
  verdict.lost_upstream = !verdict.lost_downstream;
}

}  // namespace tapdeck
