#include "analyzer/tcp/sent_records.h"

#include <algorithm>
#include <cstdint>

#include "analyzer/tcp/timestamp_clock.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// The receiver's TS.Recent follows segments that begin at or below its last acknowledgment
/// (RFC 7323 §4.3).
void note_paws(const Case& at_hand, Transfer& own, bool accepted) {
  const Segment& segment = at_hand.segment;
  if (!segment.options.has_timestamps || !accepted) return;
  const SendSpace& space = at_hand.own_space();
  if (!space.has_snd_una() || precedes(space.snd_una(), segment.seg_seq)) return;
  const std::uint32_t value = segment.options.timestamp_value;
  if (own.paws_known && timestamp_distance(own.paws_recent, value) < 0) return;
  own.paws_known = true;
  own.paws_recent = value;
}

/// What a segment with bytes shows of its sender, wherever they lie.
void note_sent(const Case& at_hand, Transfer& own, bool accepted) {
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

/// Acknowledged records stay for as long as a copy or a late original may come.
void make_room(const Case& at_hand, Transfer& own, const Transfer& peers) {
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

void note_again(SentSegment& record, const Hearing& hearing, bool accepted) {
  const Segment& segment = hearing.at_hand.segment;
  const bool sent_earlier = ip_id_distance(record.taken_ip_id, segment.ip_id) < 0;
  if (accepted && (record.not_accepted || sent_earlier)) record.taken_ip_id = segment.ip_id;
  record.not_accepted = record.not_accepted && !accepted;
  record.corrupted = record.corrupted && hearing.at_hand.bad_checksum;
  if (hearing.judged.verdict.origin == Origin::out_of_order) {
    record.first_ip_id = segment.ip_id;
    record.first_timestamp = segment.options.timestamp_value;
    if (record.first_unseen && record.transmissions != 255) ++record.transmissions;
    record.first_unseen = false;
    return;
  }
  record.last_ns = hearing.judged.time_ns;
  record.frame = hearing.judged.frame;
  record.last_timestamp = segment.options.timestamp_value;
  record.last_ip_id = segment.ip_id;
  record.fingerprint = segment.fingerprint();
  if (record.transmissions != 255) ++record.transmissions;
}

SentSegment record_of(const Case& at_hand, SeqNum begin, SeqNum end) {
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

void add_record(const Hearing& hearing, SeqNum begin, SeqNum end, bool accepted) {
  SentSegment record = record_of(hearing.at_hand, begin, end);
  record.not_accepted = !accepted;
  record.first_unseen = hearing.judged.verdict.origin == Origin::retransmission;
  record.filled_gap = hearing.judged.verdict.placement == Placement::fills_gap;
  if (hearing.judged.verdict.origin == Origin::out_of_order) {
    record.first_ns -= hearing.judged.gap_open_ns;
  }
  hearing.own.sent.insert(hearing.at_hand.slabs.sent, record);
}

/// Where only the lower part of what was refused comes again, the rest stays refused.
void part_refused(const Hearing& hearing, std::size_t place, SeqNum end) {
  SentSegments& sent = hearing.own.sent;
  SentSegment& record = sent[place];
  const bool refused = record.not_accepted || record.corrupted;
  if (!refused || at_or_before(record.end, end) || sent.size() == SentBlocks::largest) return;
  SentSegment rest = record;
  rest.begin = end;
  record.end = end;
  sent.insert(hearing.at_hand.slabs.sent, rest);
}

}  // namespace

void keep_record(const Hearing& hearing, bool accepted) {
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

void keep_predicted_record(const Case& at_hand, Transfer& own, const Transfer& peers) {
  const Segment& segment = at_hand.segment;
  note_sent(at_hand, own, true);
  own.top_ns = at_hand.moment.time_ns;
  own.top_was_repeat = false;
  if (own.sent.full()) make_room(at_hand, own, peers);
  own.sent.insert(at_hand.slabs.sent, record_of(at_hand, segment.seg_seq, segment.data_end()));
}

void note_marks(const Case& at_hand, Transfer& own, const MissingPackets& before) {
  const Segment& segment = at_hand.segment;
  own.ip_ids.on_sent(segment.ip_id, at_hand.moment.time_ns, before);
  if (!segment.options.has_timestamps) return;
  const std::uint32_t latest = own.clock.latest();
  own.clock.on_sent(segment.options.timestamp_value, at_hand.moment.time_ns);
  if (own.clock.latest() != latest) own.echo_taken = false;
}

}  // namespace tapdeck
