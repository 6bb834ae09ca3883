#include "analyzer/tcp/delivery_evidence.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/timestamp_clock.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

bool meets(const PendingVerdict& pending, Side from, SeqNum begin, SeqNum end) {
  return pending.segment.from == from && precedes(begin, pending.segment.end) &&
         precedes(pending.segment.begin, end);
}

/// A block of this very segment holds [begin, end).
bool is_within_sack(const TcpOptions& options, SeqNum begin, SeqNum end) {
  const auto blocks = std::span(options.sack_blocks).first(options.sack_block_count);
  return std::ranges::any_of(blocks, [&](const SackBlock& block) {
    return at_or_before(SeqNum{block.left_edge}, begin) &&
           at_or_before(end, SeqNum{block.right_edge});
  });
}

/// What is one frame at its sender may be many packets on the way, and each is told of by itself,
/// in their order: while the frame is the last that brought them.
bool completes_d_sack(PendingVerdict& pending, SeqNum begin, SeqNum end) {
  const JudgedSegment& judged = pending.segment;
  if (at_or_before(begin, judged.begin) && at_or_before(judged.end, end)) return true;
  const SeqNum until = judged.begin + pending.d_sacked_octets;
  if (pending.repeated_ns != 0 || precedes(until, begin) || at_or_before(end, until)) return false;
  pending.d_sacked_octets = earlier(end, judged.end).value - judged.begin.value;
  return pending.d_sacked_octets == judged.end.value - judged.begin.value;
}

bool is_by_timer(Trigger trigger) {
  return trigger == Trigger::timeout || trigger == Trigger::tail_loss_probe;
}

/// No ACK before it is missing, such as one that stopped below where this one does.
bool follows_directly(const IpIdSequence& ip_ids, std::uint16_t ip_id) {
  return ip_ids.counts_up() && ip_id_distance(ip_ids.highest(), ip_id) == 1;
}

/// Kernels that count IP IDs for each socket give 0 to what a mere entry of TIME-WAIT sends.
bool is_without_socket(const Case& at_hand, const Transfer& own) {
  const std::uint16_t ip_id = at_hand.segment.ip_id;
  const IpIdSequence& sent = own.ip_ids;
  return ip_id == 0 && sent.counts_up() && !sent.is_given(ip_id);
}

/// While one segment alone is outstanding, its receiver has nothing else to answer: what is missing
/// before the ACK of its repeat answered an earlier copy, if the receiver has no bytes of its own
/// to repeat. A FIN's answer may be a FIN.
bool is_behind_missing_answer(const Case& at_hand, const Transfer& own, const Transfer& peers,
                              const PendingVerdict& pending) {
  const Segment& segment = at_hand.segment;
  if (!pending.alone || !segment.is_empty_ack() || !own.ip_ids.counts_each_packet() ||
      !own.ip_ids.steps_over(segment.ip_id) || !(peers.window.field == segment.window_field)) {
    return false;
  }
  const SendSpace& space = at_hand.own_space();
  const std::uint32_t missing = space.missing().octets_sent_after(
      at_hand.slabs.missing, space.lowest(), space.snd_nxt(), own.ip_ids.highest_ns());
  const bool fin = (pending.segment.verdict.connection_words & ConnectionWord::fin) != 0;
  return missing == 0 ? own.largest_payload == 0 && !at_hand.states.of(at_hand.from).sent_fin
                      : missing == 1 && fin;
}

}  // namespace

void note_answer(const Case& at_hand, const Transfer& own, const Transfer& peers,
                 PendingVerdicts& pendings, const SendSpace::Acknowledged& acknowledged) {
  if (!pendings.await_answer()) return;
  const TcpOptions& options = at_hand.segment.options;
  const SendSpace& space = at_hand.peer_space();
  const std::int64_t soonest = soonest_answer_ns(peers.round_trip);
  const bool none_before_lost = follows_directly(own.ip_ids, at_hand.segment.ip_id);
  pendings.for_each(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    const JudgedSegment& judged = pending.segment;
    if (!pending.waits_for_delivery || pending.covered || judged.from == at_hand.from) {
      return;
    }
    const bool by_ack = at_or_before(judged.end, space.snd_una());
    if (!by_ack && !is_within_sack(options, judged.begin, judged.end)) return;
    pendings.cover(pending);
    const std::int64_t since = wait_ns(judged.time_ns, at_hand.moment.time_ns);
    pending.covered_after_ns = since;
    pending.answered_from_time_wait = pending.fin_acks_fin && is_without_socket(at_hand, own);
    pending.answer_missing = is_behind_missing_answer(at_hand, own, peers, pending);
    // The receiver answers what fills its lowest gap at once: what the answer jumps over was there.
    pending.jumped_over = by_ack && precedes(acknowledged.before, judged.begin) &&
                          (none_before_lost || precedes(judged.end, space.snd_una()));
    // What stood at the receiver's left edge moved it: the echo is of the copy that came first.
    const bool at_left_edge = at_or_before(judged.begin, acknowledged.before);
    if (by_ack && acknowledged.advances && at_left_edge && options.has_timestamps &&
        pending.has_timestamp) {
      const std::int32_t distance =
          timestamp_distance(options.timestamp_echo_reply, pending.timestamp);
      // An answer that reports this copy as the second one echoes it all the same.
      const bool reported = pending.d_sack_frame == at_hand.moment.frame;
      pending.echoed = distance <= 0 && pending.timestamp_is_later && !reported;
      pending.echoed_earlier = distance > 0;
    }
    // The receiver had asked for it again and again, and answers now for what stood behind it too.
    const bool was_asked_for =
        peers.held.any_above(acknowledged.before) && precedes(judged.end, space.snd_una());
    pending.filled_hole = by_ack && acknowledged.advances && at_left_edge && since >= soonest &&
                          (pending.echoed || was_asked_for);
  });
}

void note_d_sack(const Case& at_hand, const RoundTrip& to_receiver, PendingVerdicts& pendings,
                 SeqNum begin, SeqNum end) {
  if (pendings.empty()) return;
  const TcpOptions& options = at_hand.segment.options;
  const std::int64_t soonest = soonest_answer_ns(to_receiver);
  pendings.for_each(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    const JudgedSegment& judged = pending.segment;
    if (!pending.waits_for_delivery || judged.from == at_hand.from ||
        !precedes(begin, judged.end) || !precedes(judged.begin, end)) {
      return;
    }
    // A receiver tells at once of what comes twice. If the repeat had filled the hole, and the echo
    // is of later segments, it is the copy before, too late for its clock (RFC 7323 §5.3).
    const bool filled_before = pending.covered && pending.covered_after_ns >= soonest;
    const std::uint32_t echo = options.timestamp_echo_reply;
    const bool refused = pending.earlier_seen && options.has_timestamps &&
                         timestamp_distance(pending.timestamp, echo) > 0 &&
                         is_refused_by_paws(pending.earlier_timestamp, echo);
    if (filled_before && refused) return;
    if (!completes_d_sack(pending, begin, end)) {
      if (pending.repeated_ns == 0) pending.d_sack_frame = at_hand.moment.frame;
      return;
    }
    pending.d_sacked_octets = 0;
    // What was delivered twice may be a later repeat and this one.
    const bool of_later = pending.later_repeats != 0 &&
                          wait_ns(pending.repeated_ns, at_hand.moment.time_ns) >= soonest;
    if (of_later) {
      --pending.later_repeats;
      pending.next_d_sacked =
          pending.later_repeats == 0 && !pending.covered && is_by_timer(judged.verdict.trigger);
    } else if (pending.d_sacks != 255) {
      ++pending.d_sacks;
      pending.d_sack_frame = at_hand.moment.frame;
    }
  });
}

void note_copy(const Hearing& hearing, PendingVerdicts& pendings) {
  if (pendings.empty()) return;
  TcpSlabs& slabs = hearing.at_hand.slabs;
  pendings.for_each(slabs.pending, [&](PendingVerdict& pending) {
    if (meets(pending, hearing.judged.from, hearing.judged.begin, hearing.judged.end) &&
        pending.copies != 255) {
      ++pending.copies;
    }
  });
}

void note_late_original(const Hearing& hearing, PendingVerdicts& pendings) {
  if (pendings.empty()) return;
  TcpSlabs& slabs = hearing.at_hand.slabs;
  pendings.for_each(slabs.pending, [&](PendingVerdict& pending) {
    if (pending.waits_for_delivery && pending.at_receiver &&
        meets(pending, hearing.judged.from, hearing.judged.begin, hearing.judged.end)) {
      pending.late_original = true;
    }
  });
}

}  // namespace tapdeck
