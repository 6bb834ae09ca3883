// The segment's own bytes: where they lie, what the segment is, and why it was sent again.
#include <algorithm>
#include <utility>

#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/delivery_evidence.h"
#include "analyzer/tcp/empty_segments.h"
#include "analyzer/tcp/judge.h"
#include "analyzer/tcp/lost_tail.h"
#include "analyzer/tcp/missing_packets.h"
#include "analyzer/tcp/probes.h"
#include "analyzer/tcp/seen_again.h"
#include "analyzer/tcp/sent_records.h"
#include "analyzer/tcp/silence.h"
#include "analyzer/tcp/syn_origin.h"
#include "analyzer/tcp/timestamp_clock.h"
#include "analyzer/tcp/window_use.h"
#include "analyzer/tcp/without_sack.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// All that the receiver took of these bytes was sent later than this.
bool is_behind_later_repeat(const SentSegment& earlier, std::uint16_t ip_id) {
  return ip_id != 0 && earlier.taken_ip_id != 0 && ip_id_distance(earlier.taken_ip_id, ip_id) < 0;
}

/// What became of the copy before, as far as it passed here.
void note_earlier(const SentSegment& earlier, PendingVerdict& pending) {
  pending.timestamp_is_later = timestamp_distance(earlier.last_timestamp, pending.timestamp) > 0;
  pending.refused = earlier.not_accepted;
  pending.corrupted = earlier.corrupted;
  pending.reneged = earlier.reneged;
  pending.copies = earlier.copies;
  pending.earlier_timestamp = earlier.last_timestamp;
}

/// Not refused by the receiver's PAWS (RFC 7323 §5) or its checksum.
bool is_taken(const Hearing& hearing) {
  const TcpOptions& options = hearing.at_hand.segment.options;
  const bool refused = hearing.own.paws_known && options.has_timestamps &&
                       is_refused_by_paws(options.timestamp_value, hearing.own.paws_recent);
  return !refused && !hearing.at_hand.bad_checksum;
}

/// When the bytes from `begin` on were last sent again; 0: never, as far as a record tells.
std::int64_t last_repeat_ns(const SentSegment* earlier, SeqNum begin) {
  const bool again = earlier != nullptr && earlier->is_repeated() && earlier->begin == begin;
  return again ? earlier->last_ns : 0;
}

Recovery::Repeat repeat_of(const Hearing& hearing, const SentSegment* earlier,
                           SeqNum snd_nxt_before) {
  const Case& at_hand = hearing.at_hand;
  const SendSpace& own = at_hand.own_space();
  const JudgedSegment& judged = hearing.judged;
  const Transfer& transfer = hearing.own;
  constexpr std::int64_t millisecond = 1'000'000;
  const RoundTrip& far = transfer.round_trip;
  const RoundTrip& near = hearing.peers.round_trip;
  const auto agreed = at_hand.handshake.agreed();
  const bool sacked_above = !transfer.sacked.empty() &&
                            precedes(judged.begin, transfer.sacked.highest(at_hand.slabs.ranges));
  return {.begin = judged.begin,
          .end = judged.end,
          .snd_una = own.has_snd_una() ? own.snd_una() : judged.begin,
          .snd_nxt = later(snd_nxt_before, judged.end),
          .time_ns = judged.time_ns,
          .round_trip_ns = far.known() ? std::max(far.smoothed(), far.least()) + near.least() : 0,
          .variation_ns = far.variation(),
          .sender_half_ns = near.least(),
          .seen_ns = earlier != nullptr ? earlier->last_ns : 0,
          .repeated_ns = last_repeat_ns(earlier, judged.begin),
          .syn_waited_ns = transfer.syn_timed_ms * millisecond,
          .sacked_above = sacked_above,
          .sack = agreed ? agreed->sack : far.known(),
          .syn = at_hand.segment.has(TcpFlags::syn),
          .timer_fired = shows_timer(hearing),
          .tail_goes_on = transfer.lost_at_top > 0,
          .answers = at_hand.segment.is_syn_ack()};
}

/// The peer's word on these bytes from before the segment passed; `refused`: it was a reset.
DeliveryReason answered_before(const Hearing& hearing, bool refused) {
  const Case& at_hand = hearing.at_hand;
  const SendSpace& own = at_hand.own_space();
  const JudgedSegment& judged = hearing.judged;
  if (refused || (own.has_snd_una() && at_or_before(judged.end, own.snd_una()))) {
    return DeliveryReason::acknowledged_before;
  }
  return hearing.own.sacked.contains(at_hand.slabs.ranges, judged.begin, judged.end)
             ? DeliveryReason::sacked_before
             : DeliveryReason::none;
}

bool is_small_and_plain(const Segment& segment) {
  return segment.payload_octets <= 1 && !segment.has(TcpFlags::syn | TcpFlags::fin | TcpFlags::rst);
}

/// True if that is all there is to say of the segment.
bool tell_copied_empty_segment(Hearing& hearing) {
  if (hearing.at_hand.segment.seg_len() != 0) return false;
  const OriginReason copied = copied_empty_segment(hearing);
  if (copied == OriginReason::none) return false;
  Verdict& verdict = hearing.judged.verdict;
  verdict.origin = Origin::duplicate;
  verdict.origin_reason = copied;
  verdict.confidence = copied == OriginReason::same_ip_id ? Confidence::high : Confidence::medium;
  return true;
}

/// Likewise.
bool tell_probe(Hearing& hearing) {
  const bool was_probing = std::exchange(hearing.own.probing, false);
  hearing.own.asking = false;
  if (is_small_and_plain(hearing.at_hand.segment)) judge_probe(hearing, was_probing);
  return hearing.own.asking || hearing.own.probing;
}

/// An empty segment stands at its sender's snd_nxt: nothing above that was sent, or lost, before
/// it. An overtaken one is as unacceptable as old bytes are.
void note_empty_segment(Hearing& hearing, SeqNum snd_nxt_before) {
  if (precedes(hearing.at_hand.segment.seg_seq, snd_nxt_before)) {
    note_drawing(hearing.at_hand, hearing.own);
  } else {
    hearing.own.lost_at_top = 0;
  }
}

}  // namespace

void Judge::judge_bytes(Hearing& hearing, Result& result) {
  if (tell_copied_empty_segment(hearing) || tell_probe(hearing)) return;
  const Case& at_hand = hearing.at_hand;
  const Segment& segment = at_hand.segment;
  const SeqNum snd_nxt_before = at_hand.own_space().snd_nxt();
  const bool had_sent = at_hand.own_space().has_sent();
  result.seen = take_bytes(hearing);
  hearing.before = missing_before(hearing, result.seen, snd_nxt_before);
  note_later_sending(hearing);
  judge_gap(hearing, result.seen);
  if (segment.seg_len() == 0) return note_empty_segment(hearing, snd_nxt_before);
  judge_sequence(hearing, result.seen, had_sent ? snd_nxt_before : segment.seg_seq);
  judge_window_use(hearing);
  account_flight(hearing.own, at_hand.own_space(), at_hand.moment.time_ns);
}

SendSpace::Seen Judge::take_bytes(Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  const Segment& segment = at_hand.segment;
  const SendSpace::Seen seen =
      at_hand.own_space().on_sent(at_hand.slabs.missing, segment,
                                  {.frame = at_hand.moment.frame,
                                   .time_ns = at_hand.moment.time_ns,
                                   .timestamp = segment.options.timestamp_value,
                                   .ip_id = segment.ip_id});
  hearing.judged.verdict.placement = seen.placement;
  if (seen.filled.octets != 0) {
    hearing.judged.gap_open_ns = wait_ns(seen.filled.opener.time_ns, at_hand.moment.time_ns);
    if (seen.filled.delivered != 0) {  // captured after all
      counters(at_hand.slabs, at_hand.from).not_captured_octets -= seen.filled.delivered;
    }
  }
  return seen;
}

void Judge::judge_gap(Hearing& hearing, const SendSpace::Seen& seen) {
  if (seen.gap_begin == seen.gap_end) return;
  hearing.pending.waits_for_gap = true;
  hearing.judged.gap_octets = seen.gap_end.value - seen.gap_begin.value;
  const Case& at_hand = hearing.at_hand;
  // What the peer acknowledged or SACKed before was delivered, and never seen here.
  const SendSpace& own = at_hand.own_space();
  const bool delivered =
      (own.has_snd_una() && at_or_before(seen.gap_end, own.snd_una())) ||
      hearing.own.sacked.contains(at_hand.slabs.ranges, seen.gap_begin, seen.gap_end);
  if (delivered) {
    hearing.pending.waits_for_gap = false;
    hearing.judged.verdict.not_captured = true;
    hearing.judged.gap_not_captured = true;
    counters(at_hand.slabs, at_hand.from).not_captured_octets +=
        seen.gap_end.value - seen.gap_begin.value;
    at_hand.own_space().note_delivered(at_hand.slabs.missing, seen.gap_begin, seen.gap_end,
                                       at_hand.moment, [](const MissingRange&) {});
  }
}

OriginVerdict Judge::tell_origin(Hearing& hearing, const SendSpace::Seen& seen,
                                 const SentSegment* earlier, SeqNum snd_nxt_before) {
  const PathView path = path_of(hearing);
  switch (seen.placement) {
    case Placement::in_order:
    case Placement::gap_before:
      if (seen.filled.octets != 0) return tell_shown(hearing, seen, path);
      return hearing.at_hand.segment.has(TcpFlags::syn)
                 ? tell_first_syn(hearing, x_reopened)
                 : tell_top(hearing, seen, path, snd_nxt_before);
    case Placement::overlap:
      return {Origin::retransmission, OriginReason::within_seen, Confidence::high};
    case Placement::fills_gap:
      return tell_gap_filler(seen.filled.opener, hearing.at_hand.segment,
                             hearing.at_hand.moment.time_ns, path);
    case Placement::none:
      return earlier == nullptr ? tell_forgotten(hearing) : tell_again(hearing, *earlier, path);
  }
  return {};
}

/// Bytes above all others seen, of which an empty segment or the peer's ACK had shown that they
/// were sent: the capture or the network changed the order, or they are sent again.
OriginVerdict Judge::tell_shown(Hearing& hearing, const SendSpace::Seen& seen,
                                const PathView& path) {
  const GapOpener& opener = seen.filled.opener;
  const OriginVerdict told =
      tell_gap_filler(opener, hearing.at_hand.segment, hearing.at_hand.moment.time_ns, path);
  if (opener.by_ack && told.reason == OriginReason::within_round_trip) note_order_repaired(hearing);
  return told.origin == Origin::retransmission ? told : OriginVerdict{};
}

/// Of two that were sent and both came, the one nearer to when a repeat was due is the repeat.
OriginVerdict Judge::tell_again(const Hearing& hearing, const SentSegment& earlier,
                                const PathView& path) const {
  const OriginVerdict told = tell_seen(hearing, earlier, path);
  if (!is_other_of_two(hearing, earlier, path, told)) return told;
  return is_behind_original(hearing)
             ? OriginVerdict{Origin::retransmission, OriginReason::beyond_round_trip,
                             Confidence::low}
             : OriginVerdict{Origin::out_of_order, OriginReason::behind_lone_repeat,
                             Confidence::low};
}

void Judge::judge_sequence(Hearing& hearing, const SendSpace::Seen& seen, SeqNum snd_nxt_before) {
  const Segment& segment = hearing.at_hand.segment;
  JudgedSegment& judged = hearing.judged;
  SentSegments& sent = hearing.own.sent;
  const std::size_t place = sent.find_ending_after(judged.begin);
  const bool recorded = place < sent.size() && at_or_before(sent[place].begin, judged.begin);
  SentSegment* const earlier = recorded ? &sent[place] : nullptr;
  const OriginVerdict told = tell_origin(hearing, seen, earlier, snd_nxt_before);
  if (segment.has(TcpFlags::syn)) {
    hearing.own.sent_syn_ack = segment.has(TcpFlags::ack);
    hearing.own.ip_ids.set_counter(segment.ip_id_counter());
  }
  judged.verdict.origin = told.origin;
  judged.verdict.origin_reason = told.reason;
  judged.verdict.confidence = told.confidence;
  if (earlier != nullptr) {
    judged.earlier_frame = earlier->frame;
    judged.conflicts = earlier->begin == judged.begin && earlier->end == judged.end &&
                       earlier->has_payload_sum && segment.has_payload_sum &&
                       earlier->payload_sum != segment.payload_sum;
  }
  const bool accepted = is_taken(hearing);
  if (told.origin == Origin::duplicate) {
    note_copy(hearing, x_pending);
    if (earlier != nullptr && earlier->copies != 255) ++earlier->copies;
    return;
  }
  if (told.origin == Origin::retransmission) {
    judge_retransmission(hearing, earlier, snd_nxt_before);
    note_repeat_behind_original(hearing);
  }
  if (told.origin == Origin::out_of_order && accepted) note_late_original(hearing, x_pending);
  keep_record(hearing, accepted);
}

void Judge::judge_retransmission(Hearing& hearing, const SentSegment* earlier,
                                 SeqNum snd_nxt_before) {
  JudgedSegment& judged = hearing.judged;
  Transfer& transfer = hearing.own;
  if (earlier != nullptr && answers_another_syn(hearing, *earlier)) {  // no trigger of its own
    await_delivery(hearing, earlier);
    hearing.pending.since_earlier_ns = wait_ns(earlier->last_ns, judged.time_ns);
    return;
  }
  const Recovery::Phase phase_before = transfer.recovery.phase();
  hearing.in_recovery = transfer.recovery.goes_on_at(judged.begin);
  judged.verdict.trigger =
      transfer.recovery.on_retransmission(repeat_of(hearing, earlier, snd_nxt_before));
  judged.silence_ns = transfer.recovery.silence_ns();
  if (phase_before == Recovery::Phase::open) {
    transfer.repair_timestamp = hearing.at_hand.segment.options.timestamp_value;
  }
  if (judged.verdict.trigger == Trigger::timeout &&
      phase_before != Recovery::Phase::after_timeout) {
    note_sending_again(hearing);
  }
  note_lost_tail(hearing, snd_nxt_before);
  await_delivery(hearing, earlier);
}

/// What the peer's answers will be weighed with, unless it answered already.
void Judge::await_delivery(Hearing& hearing, const SentSegment* earlier) const {
  const Case& at_hand = hearing.at_hand;
  const SendSpace& own = at_hand.own_space();
  const RoundTrip& far = hearing.own.round_trip;
  const RoundTrip& near = hearing.peers.round_trip;
  const bool syn = at_hand.segment.has(TcpFlags::syn);
  JudgedSegment& judged = hearing.judged;
  PendingVerdict& pending = hearing.pending;
  pending.waits_for_delivery = true;
  pending.at_sender = is_beside(near, far);
  pending.at_receiver = is_beside(far, near);
  const bool partly_new = judged.verdict.placement == Placement::overlap && pending.at_receiver;
  pending.earlier_seen =
      earlier != nullptr && !partly_new && judged.verdict.placement != Placement::fills_gap;
  pending.alone = pending.earlier_seen && own.has_snd_una() && judged.begin == own.snd_una() &&
                  judged.end == own.snd_nxt();
  pending.has_timestamp = at_hand.segment.options.has_timestamps;
  pending.timestamp = at_hand.segment.options.timestamp_value;
  pending.timestamp_is_later = true;
  pending.not_taken = syn && x_syn_held[index_of(at_hand.from)];
  pending.fin_acks_fin = hearing.own.fin_acks_fin;
  const bool overtaken = earlier != nullptr && hearing.own.ip_ids.counts_up() &&
                         is_behind_later_repeat(*earlier, at_hand.segment.ip_id);
  if (earlier != nullptr) {
    note_earlier(*earlier, pending);
    pending.refused = pending.refused || overtaken;
    // Data that came with a SYN and wasn't taken with it (RFC 7413 §3).
    pending.not_taken =
        pending.not_taken || (earlier->begin == own.iss() && own.has_iss() && own.has_snd_una() &&
                              precedes(own.iss(), own.snd_una()));
  }
  const bool refused = syn && x_syn_refused[index_of(at_hand.from)];
  if (overtaken) return;  // what the peer says of these bytes is of that one
  judged.verdict.delivery_reason = answered_before(hearing, refused);
  if (judged.verdict.delivery_reason != DeliveryReason::none) {
    judged.verdict.spurious = true;
    pending.waits_for_delivery = false;
  }
}

}  // namespace tapdeck
