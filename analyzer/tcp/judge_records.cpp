// What is remembered of sent segments, and what a new one tells about those that wait for a
// verdict.
#include <algorithm>
#include <cstdlib>

#include "analyzer/tcp/judge.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

bool meets(const PendingVerdict& pending, Side from, SeqNum begin, SeqNum end) {
  return pending.segment.from == from && precedes(begin, pending.segment.end) &&
         precedes(pending.segment.begin, end);
}

}  // namespace

void Judge::note_copy(Hearing& hearing) {
  if (x_pending.empty()) return;
  TcpSlabs& slabs = hearing.at_hand.slabs;
  x_pending.for_each(slabs.pending, [&](PendingVerdict& pending) {
    if (meets(pending, hearing.judged.from, hearing.judged.begin, hearing.judged.end) &&
        pending.copies != 255) {
      ++pending.copies;
    }
  });
}

/// Sent before the repeat, come after it, and not refused: the repeat was needless.
void Judge::note_late_original(Hearing& hearing) {
  if (x_pending.empty()) return;
  TcpSlabs& slabs = hearing.at_hand.slabs;
  x_pending.for_each(slabs.pending, [&](PendingVerdict& pending) {
    if (pending.waits_for_delivery && pending.at_receiver &&
        meets(pending, hearing.judged.from, hearing.judged.begin, hearing.judged.end)) {
      pending.late_original = true;
    }
  });
}

/// What filled a gap was called a repeat for its time alone. Nobody sends again what he sent again
/// less than a round trip before: one of the two is the original, and the other comes nearer to
/// when a repeat is due, a round trip and the reordering window of a quarter behind the gap (RFC
/// 8985 §6.2), which a timer rounds up.
void Judge::note_repeat_behind_original(Hearing& hearing) {
  if (x_pending.empty() || hearing.judged.verdict.trigger == Trigger::timeout) return;
  TcpSlabs& slabs = hearing.at_hand.slabs;
  constexpr std::int64_t tick = 1'000'000;
  const std::int64_t round_trip = path_of(hearing).round_trip_ns;
  x_pending.remove_if(slabs.pending, [&](PendingVerdict& pending) {
    JudgedSegment& judged = pending.segment;
    const bool same = judged.from == hearing.judged.from && judged.begin == hearing.judged.begin &&
                      judged.end == hearing.judged.end;
    if (!same || judged.verdict.origin != Origin::retransmission ||
        judged.verdict.origin_reason != OriginReason::beyond_round_trip ||
        judged.verdict.placement != Placement::fills_gap) {
      return false;
    }
    const std::int64_t apart = wait_ns(judged.time_ns, hearing.judged.time_ns);
    const std::int64_t late = judged.gap_open_ns - round_trip * 5 / 4 - tick;
    if (apart >= round_trip || std::abs(late + apart) >= std::abs(late)) return false;
    judged.verdict.origin = Origin::out_of_order;
    judged.verdict.origin_reason = OriginReason::repeated_at_once;
    judged.verdict.confidence = Confidence::medium;
    judged.verdict.trigger = Trigger::none;
    judged.verdict.spurious = false;
    judged.verdict.delivery_reason = DeliveryReason::none;
    x_pending.stop_waiting_for_delivery(pending);
    if (pending.waits_for_gap || pending.waits_for_data) return false;
    settle(slabs, pending);
    return true;
  });
}

/// The receiver's TS.Recent follows segments that begin at or below its last acknowledgment
/// (RFC 7323 §4.3).
void Judge::note_paws(const Case& at_hand, Transfer& own, bool accepted) {
  const Segment& segment = at_hand.segment;
  if (!segment.options.has_timestamps || !accepted) return;
  const SendSpace& space = at_hand.own_space();
  if (!space.has_snd_una() || precedes(space.snd_una(), segment.seg_seq)) return;
  const std::uint32_t value = segment.options.timestamp_value;
  if (own.paws_known && timestamp_distance(own.paws_recent, value) < 0) return;
  own.paws_known = true;
  own.paws_recent = value;
}

/// By which marks the sender counts its packets and its time.
void Judge::note_marks(const Case& at_hand, Transfer& own, const MissingPackets& before) {
  const Segment& segment = at_hand.segment;
  own.ip_ids.on_sent(segment.ip_id, at_hand.moment.time_ns, before);
  if (!segment.options.has_timestamps) return;
  const std::uint32_t latest = own.clock.latest();
  own.clock.on_sent(segment.options.timestamp_value, at_hand.moment.time_ns);
  if (own.clock.latest() != latest) own.echo_taken = false;
}

/// Kernels that count IP IDs for each socket give 0 to what a mere entry of TIME-WAIT sends.
bool Judge::is_without_socket(const Case& at_hand) const {
  const std::uint16_t ip_id = at_hand.segment.ip_id;
  const IpIdSequence& sent = transfer(at_hand.slabs, at_hand.from).ip_ids;
  return ip_id == 0 && sent.counts_up() && !sent.is_given(ip_id);
}

/// While one segment alone is outstanding, its receiver has nothing else to answer: what is missing
/// before the ACK of its repeat answered an earlier copy, if the receiver has no bytes of its own
/// to repeat. A FIN's answer may be a FIN.
bool Judge::is_behind_missing_answer(const Case& at_hand, const PendingVerdict& pending) const {
  const Transfer& own = transfer(at_hand.slabs, at_hand.from);
  const Transfer& peers = transfer(at_hand.slabs, other(at_hand.from));
  const Segment& segment = at_hand.segment;
  if (!pending.alone || !segment.is_empty_ack() || !own.ip_ids.counts_each_packet() ||
      !own.ip_ids.steps_over(segment.ip_id) || !(peers.window.field == segment.window_field)) {
    return false;
  }
  const SendSpace& space = at_hand.own_space();
  const std::uint32_t missing =
      space.missing().octets_in(at_hand.slabs.missing, space.lowest(), space.snd_nxt());
  const bool fin = (pending.segment.verdict.connection_words & ConnectionWord::fin) != 0;
  return missing == 0 ? own.largest_payload == 0 && !at_hand.states.of(at_hand.from).sent_fin
                      : missing == 1 && fin;
}

/// Until its FIN comes the peer is in FIN-WAIT-1, if nothing else acknowledges its own.
void Judge::note_fin(const Case& at_hand, Transfer& own, bool acknowledges) {
  const EndpointMachine& peer = at_hand.states.of(other(at_hand.from));
  if (!at_hand.states.of(at_hand.from).sent_fin) return;
  const bool by_fin = at_hand.segment.has(TcpFlags::fin);
  own.fin_acks_fin = by_fin && peer.fin_acknowledged && (own.fin_acks_fin || acknowledges);
}

/// What a segment with bytes shows of its sender, wherever they lie.
void Judge::note_sent(const Case& at_hand, Transfer& own, bool accepted) {
  const Segment& segment = at_hand.segment;
  const SendSpace& space = at_hand.own_space();
  own.recovery.on_sent(at_hand.moment.time_ns,
                       !space.has_snd_una() || at_or_before(segment.seg_seq, space.snd_una()));
  own.largest_payload = static_cast<std::uint16_t>(
      std::max<std::uint32_t>(own.largest_payload, std::min(segment.payload_octets, 65'535U)));
  if (segment.has(TcpFlags::psh)) own.has_pushed = true;
  if (segment.payload_octets > 1'500) own.sends_offloaded = true;
  note_paws(at_hand, own, accepted);
}

void Judge::note_again(SentSegment& record, const Hearing& hearing, bool accepted) {
  const Segment& segment = hearing.at_hand.segment;
  const bool sent_earlier = ip_id_distance(record.taken_ip_id, segment.ip_id) < 0;
  if (accepted && (record.not_accepted || sent_earlier)) record.taken_ip_id = segment.ip_id;
  record.not_accepted = record.not_accepted && !accepted;
  record.corrupted = record.corrupted && hearing.at_hand.bad_checksum;
  if (hearing.judged.verdict.origin == Origin::out_of_order) {
    record.first_ip_id = segment.ip_id;
    record.first_timestamp = segment.options.timestamp_value;
    return;
  }
  record.last_ns = hearing.judged.time_ns;
  record.frame = hearing.judged.frame;
  record.last_timestamp = segment.options.timestamp_value;
  record.last_ip_id = segment.ip_id;
  record.fingerprint = segment.fingerprint();
  if (record.transmissions != 255) ++record.transmissions;
}

SentSegment Judge::record_of(const Case& at_hand, SeqNum begin, SeqNum end) {
  const Segment& segment = at_hand.segment;
  return {.begin = begin,
          .end = end,
          .first_ns = at_hand.moment.time_ns,
          .last_ns = at_hand.moment.time_ns,
          .frame = at_hand.moment.frame,
          .first_timestamp = segment.options.timestamp_value,
          .last_timestamp = segment.options.timestamp_value,
          .first_ip_id = segment.ip_id,
          .last_ip_id = segment.ip_id,
          .fingerprint = segment.fingerprint(),
          .payload_sum = segment.payload_sum,
          .has_payload_sum = segment.has_payload_sum,
          .pushed = segment.has(TcpFlags::psh | TcpFlags::fin | TcpFlags::syn),
          .corrupted = at_hand.bad_checksum,
          .taken_ip_id = segment.ip_id};
}

void Judge::add_record(Hearing& hearing, SeqNum begin, SeqNum end, bool accepted) {
  SentSegment record = record_of(hearing.at_hand, begin, end);
  record.not_accepted = !accepted;
  record.first_unseen = hearing.judged.verdict.origin == Origin::retransmission;
  if (hearing.judged.verdict.origin == Origin::out_of_order) {
    record.first_ns -= hearing.judged.gap_open_ns;
  }
  hearing.own.sent.insert(hearing.at_hand.slabs.sent, record);
}

/// Where only the lower part of what was refused comes again, the rest stays refused.
void Judge::part_refused(Hearing& hearing, std::size_t place, SeqNum end) {
  SentSegments& sent = hearing.own.sent;
  SentSegment& record = sent[place];
  const bool refused = record.not_accepted || record.corrupted;
  if (!refused || at_or_before(record.end, end) || sent.size() == SentBlocks::largest) return;
  SentSegment rest = record;
  rest.begin = end;
  record.end = end;
  sent.insert(hearing.at_hand.slabs.sent, rest);
}

/// The transmission joins what is known of earlier ones of the same bytes.
void Judge::keep_record(Hearing& hearing, bool accepted) {
  Transfer& own = hearing.own;
  note_sent(hearing.at_hand, own, accepted);
  if (hearing.judged.verdict.placement != Placement::none &&
      hearing.judged.verdict.placement != Placement::fills_gap) {
    own.top_ns = hearing.judged.time_ns;
    own.top_was_repeat = hearing.judged.verdict.origin == Origin::retransmission;
  }
  if (own.sent.full()) make_room(hearing.at_hand, own, hearing.peers);
  SentSegments& sent = own.sent;
  const SeqNum end = hearing.judged.end;
  SeqNum from = hearing.judged.begin;
  for (std::size_t at = sent.find_ending_after(from); precedes(from, end);) {
    if (at == sent.size() || at_or_before(end, sent[at].begin)) {
      add_record(hearing, from, end, accepted);
      return;
    }
    if (precedes(from, sent[at].begin)) {
      const SeqNum until = sent[at].begin;
      add_record(hearing, from, until, accepted);
      from = until;
      at = sent.find_ending_after(from);
      continue;
    }
    part_refused(hearing, at, end);
    note_again(sent[at], hearing, accepted);
    from = sent[at].end;
    ++at;
  }
}

/// Acknowledged records stay for as long as a copy or a late original may come.
void Judge::make_room(const Case& at_hand, Transfer& own, const Transfer& peers) {
  constexpr std::size_t always_kept = 6;
  constexpr std::int64_t least_kept_ns = 50'000'000;
  const SendSpace& space = at_hand.own_space();
  SentSegments& sent = own.sent;
  if (sent.size() <= always_kept || !space.has_snd_una()) return;
  const std::int64_t round_trip = own.round_trip.smoothed() + peers.round_trip.least();
  const std::int64_t kept = std::max(2 * round_trip, least_kept_ns);
  constexpr std::size_t plenty = 1024;  // of a fast sender, younger ones must do
  while (sent.size() > plenty && at_or_before(sent[0].end, space.snd_una())) sent.remove_lowest();
  while (sent.size() > always_kept && at_or_before(sent[0].end, space.snd_una()) &&
         wait_ns(sent[0].last_ns, at_hand.moment.time_ns) > kept) {
    sent.remove_lowest();
  }
}

/// An ACK of bytes not seen here waits for what their sender shows next: that it never got so far.
void Judge::note_later_sending(Hearing& hearing) {
  if (x_pending.empty()) return;
  const Case& at_hand = hearing.at_hand;
  SendSpace& own = at_hand.own_space();
  const Segment& segment = at_hand.segment;
  if (own.missing().empty() || segment.seg_len() != 0) return;
  x_pending.remove_if(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    if (!pending.waits_for_data || pending.segment.from == at_hand.from) return false;
    const bool never_sent = segment.seg_seq == pending.gap_begin &&
                            own.snd_nxt() == pending.gap_end &&
                            at_or_before(own.seen_end(), pending.gap_begin) &&
                            own.missing().highest(at_hand.slabs.missing).begin == pending.gap_begin;
    if (!never_sent) return false;
    own.retract_acknowledgment(at_hand.slabs.missing, pending.snd_una_before);
    counters(at_hand.slabs, at_hand.from).not_captured_octets -=
        pending.gap_end.value - pending.gap_begin.value;
    pending.waits_for_data = false;
    pending.segment.verdict.ack = AckVerdict::none;
    pending.segment.verdict.acceptance = Acceptance::unacceptable_ack;
    settle(at_hand.slabs, pending);
    return true;
  });
}

/// The bytes came right behind the ACK of them: the capture had changed their order.
void Judge::note_order_repaired(Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  const SendSpace& own = at_hand.own_space();
  x_pending.remove_if(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    if (!pending.waits_for_data || pending.segment.from == at_hand.from) return false;
    if (own.missing().octets_in(at_hand.slabs.missing, pending.gap_begin, pending.gap_end) != 0) {
      return false;
    }
    pending.waits_for_data = false;
    pending.segment.verdict.ack = AckVerdict::advances;
    settle(at_hand.slabs, pending);
    return true;
  });
}

}  // namespace tapdeck
