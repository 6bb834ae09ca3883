// Verdicts that wait for evidence: what a new segment takes back of them, and when they are final.
#include <algorithm>
#include <cstdlib>

#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/judge.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// What filled a gap was called a repeat for its time alone. Nobody sends again what he sent again
/// less than a round trip before: one of the two is the original, and the other comes nearer to
/// when a repeat is due, a round trip and the reordering window of a quarter behind the gap (RFC
/// 8985 §6.2), which a timer rounds up. True if `judged` is the original.
bool is_original(const JudgedSegment& judged, const JudgedSegment& again, std::int64_t round_trip) {
  constexpr std::int64_t tick = 1'000'000;
  const bool same =
      judged.from == again.from && judged.begin == again.begin && judged.end == again.end;
  if (!same || judged.verdict.origin != Origin::retransmission ||
      judged.verdict.origin_reason != OriginReason::beyond_round_trip ||
      judged.verdict.placement != Placement::fills_gap) {
    return false;
  }
  const std::int64_t apart = wait_ns(judged.time_ns, again.time_ns);
  const std::int64_t late = judged.gap_open_ns - round_trip * 5 / 4 - tick;
  return apart < round_trip && std::abs(late + apart) < std::abs(late);
}

}  // namespace

bool Judge::is_behind_original(const Hearing& hearing) const {
  const std::int64_t round_trip = path_of(hearing).round_trip_ns;
  bool behind = false;
  x_pending.for_each(hearing.at_hand.slabs.pending, [&](const PendingVerdict& pending) {
    behind = behind || is_original(pending.segment, hearing.judged, round_trip);
  });
  return behind;
}

void Judge::note_repeat_behind_original(const Hearing& hearing) {
  if (x_pending.empty() || hearing.judged.verdict.trigger == Trigger::timeout) return;
  TcpSlabs& slabs = hearing.at_hand.slabs;
  const std::int64_t round_trip = path_of(hearing).round_trip_ns;
  x_pending.remove_if(slabs.pending, [&](PendingVerdict& pending) {
    JudgedSegment& judged = pending.segment;
    if (!is_original(judged, hearing.judged, round_trip)) return false;
    judged.verdict.origin = Origin::out_of_order;
    judged.verdict.origin_reason = OriginReason::repeated_at_once;
    judged.verdict.confidence = Confidence::medium;
    judged.verdict.trigger = Trigger::none;
    judged.verdict.spurious = false;
    judged.verdict.delivery_reason = DeliveryReason::none;
    x_pending.stop_waiting_for_delivery(pending);
    if (pending.waits()) return false;
    settle(slabs, pending);
    return true;
  });
}

/// An ACK of bytes not seen here waits for what their sender shows next: that it never got so far.
void Judge::note_later_sending(const Hearing& hearing) {
  if (x_pending.empty()) return;
  const Case& at_hand = hearing.at_hand;
  SendSpace& own = at_hand.own_space();
  const Segment& segment = at_hand.segment;
  if (own.missing().empty() || segment.seg_len() != 0) return;
  x_pending.remove_if(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    if (!pending.waits_for_data || pending.segment.from == at_hand.from) return false;
    const bool never_sent =
        segment.seg_seq == pending.unseen_begin && own.snd_nxt() == pending.unseen_end &&
        at_or_before(own.seen_end(), pending.unseen_begin) &&
        own.missing().highest(at_hand.slabs.missing).begin == pending.unseen_begin;
    if (!never_sent) return false;
    own.retract_acknowledgment(at_hand.slabs.missing, pending.snd_una_before);
    counters(at_hand.slabs, at_hand.from).not_captured_octets -=
        pending.unseen_end.value - pending.unseen_begin.value;
    pending.waits_for_data = false;
    pending.segment.verdict.ack = AckVerdict::none;
    pending.segment.verdict.acceptance = Acceptance::unacceptable_ack;
    if (pending.waits()) return false;
    settle(at_hand.slabs, pending);
    return true;
  });
}

/// The bytes came right behind the ACK of them: the capture had changed their order.
void Judge::note_order_repaired(const Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  const SendSpace& own = at_hand.own_space();
  x_pending.remove_if(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    if (!pending.waits_for_data || pending.segment.from == at_hand.from) return false;
    if (own.missing().octets_in(at_hand.slabs.missing, pending.unseen_begin, pending.unseen_end) !=
        0) {
      return false;
    }
    pending.waits_for_data = false;
    pending.segment.verdict.ack = AckVerdict::advances;
    if (pending.waits()) return false;
    settle(at_hand.slabs, pending);
    return true;
  });
}

void Judge::finish(Hearing& hearing) {
  TcpSlabs& slabs = hearing.at_hand.slabs;
  if (!hearing.pending.waits()) {
    count(slabs, hearing.judged);
    slabs.settled.push_back(hearing.judged);
    return;
  }
  if (x_pending.full()) {
    settle(slabs, slabs.pending[x_pending.first()]);
    x_pending.cut_first_short(slabs.pending);
  }
  hearing.pending.segment = hearing.judged;
  hearing.pending.reach_ns = reach_ns(hearing);
  if (hearing.pending.waits_for_delivery) note_repeated(hearing);
  x_pending.add(slabs.pending, hearing.pending);
}

/// How long evidence counts. What is sent again behind a timeout waits as long as what the timer
/// sent: the end of the recovery tells of it all.
std::int64_t Judge::reach_ns(const Hearing& hearing) const {
  const JudgedSegment& judged = hearing.judged;
  const RoundTrip& far = hearing.own.round_trip;
  const std::int64_t round_trip =
      far.samples() == 0 ? 0 : far.smoothed() + hearing.peers.round_trip.least();
  const std::int64_t timeout = Recovery::timeout_ns(round_trip, far.variation());
  if (judged.verdict.trigger == Trigger::timeout) {
    return evidence_time_ns(2 * std::max(timeout, judged.silence_ns));
  }
  std::int64_t reach = evidence_time_ns(timeout);
  if (judged.verdict.trigger != Trigger::go_back_n) return reach;
  x_pending.for_each(hearing.at_hand.slabs.pending, [&](const PendingVerdict& earlier) {
    const bool by_timer =
        earlier.segment.from == judged.from && earlier.segment.verdict.trigger == Trigger::timeout;
    if (by_timer) reach = std::max(reach, wait_ns(judged.time_ns, earlier.due_ns()));
  });
  return reach;
}

/// The same bytes are sent again: what would tell of the copies before is still to come. No sender
/// repeats itself so often within the reach of evidence: a flood's repeats don't wait for all that
/// follow.
void Judge::note_repeated(const Hearing& hearing) {
  constexpr std::uint8_t most_repeats = 32;
  TcpSlabs& slabs = hearing.at_hand.slabs;
  x_pending.remove_if(slabs.pending, [&](PendingVerdict& earlier) {
    const JudgedSegment& judged = earlier.segment;
    const bool same = judged.from == hearing.judged.from &&
                      precedes(hearing.judged.begin, judged.end) &&
                      precedes(judged.begin, hearing.judged.end);
    if (!same) return false;
    earlier.reach_ns = std::max(earlier.reach_ns, hearing.pending.reach_ns);
    earlier.repeated_ns = hearing.judged.time_ns;
    if (++earlier.later_repeats < most_repeats) return false;
    settle(slabs, earlier);
    return true;
  });
}

void Judge::settle(TcpSlabs& slabs, PendingVerdict& pending) {
  if (pending.waits_for_delivery) {
    const RoundTrip& far = transfer(slabs, pending.segment.from).round_trip;
    const RoundTrip& near = transfer(slabs, other(pending.segment.from)).round_trip;
    pending.at_receiver = pending.at_receiver || is_beside(far, near);
    weigh_delivery(pending, far);
  }
  if (pending.waits_for_data) {
    pending.segment.verdict.ack = AckVerdict::acks_unseen_data;
    pending.segment.verdict.not_captured = true;
  }
  count(slabs, pending.segment);
  slabs.settled.push_back(pending.segment);
}

Moment Judge::due(const TcpSlabs& slabs) const {
  return {.frame = slabs.pending[x_pending.first()].segment.frame + evidence_frames,
          .time_ns = x_pending.earliest_due_ns()};
}

void Judge::settle_overdue(TcpSlabs& slabs, Moment now) {
  if (x_pending.empty()) return;
  const Moment until = due(slabs);
  if (now.frame <= until.frame && now.time_ns <= until.time_ns) return;
  const std::uint64_t oldest_frame = now.frame - std::min(now.frame, evidence_frames);
  x_pending.remove_overdue(slabs.pending, oldest_frame, now.time_ns,
                           [&](PendingVerdict& pending) { settle(slabs, pending); });
}

void Judge::settle_all(TcpSlabs& slabs) {
  x_pending.remove_if(slabs.pending, [&](PendingVerdict& pending) {
    settle(slabs, pending);
    return true;
  });
}

}  // namespace tapdeck
