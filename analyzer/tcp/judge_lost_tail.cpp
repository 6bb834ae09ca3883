// A lost tail that is sent again looks new to a capture behind the loss: what tells of it.
#include <algorithm>
#include <utility>

#include "analyzer/tcp/judge.h"
#include "captures/elapsed.h"

namespace tapdeck {

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

/// A lost tail that is sent again looks new to this capture. IP IDs that are missing before a pause
/// tell of it; without them, a pause in the middle of a write while nothing was outstanding.
OriginVerdict Judge::tell_top(Hearing& hearing, const SendSpace::Seen& seen, const PathView& path,
                              SeqNum snd_nxt_before) {
  const Segment& segment = hearing.at_hand.segment;
  Transfer& own = hearing.own;
  if (segment.has(TcpFlags::syn)) return tell_first_syn_ack(hearing);
  if (path.at_sender || own.sent.empty()) return {};
  if (own.lost_at_top > 0) {
    const OriginVerdict told = tell_lost_tail(hearing, seen, path);
    if (told.origin != Origin::first) return told;
  }
  const std::int64_t now = hearing.at_hand.moment.time_ns;
  const std::int64_t pause = wait_ns(own.recovery.last_sent_ns(), now);
  // Where nothing is being repaired, nothing but a timer sends again: two round trips at least.
  const bool repairing = own.recovery.phase() != Recovery::Phase::open || !own.sacked.empty();
  const std::int64_t shortest =
      repairing ? path.round_trip_ns * 7 / 10 : path.round_trip_ns * 7 / 4;
  const std::int64_t since_ack = repairing ? pause : wait_ns(own.recovery.last_ack_ns(), now);
  const bool paused = path.round_trip_ns != 0 && pause > shortest && since_ack > shortest;
  if (!paused) return {};
  if (own.ip_ids.counts_each_packet() && own.ip_ids.is_given(segment.ip_id) &&
      !own.sends_offloaded) {
    const std::int64_t lost = lost_first_transmissions(hearing, seen, snd_nxt_before);
    if (lost <= 0) return {};
    note_lost_at_top(hearing, lost - 1, pause);
    return {Origin::retransmission, OriginReason::missing_ip_ids, Confidence::medium};
  }
  if (segment.ip_id != 0 || path.ip_ids_count_up) return {};
  const SendSpace& space = hearing.at_hand.own_space();
  const bool nothing_outstanding = space.has_snd_una() && space.snd_una() == own.sent.last().end;
  const bool timer_could_fire =
      pause > std::max<std::int64_t>(path.round_trip_ns * 7 / 4, 10'000'000);
  // The middle of a write is as long as segments get; many programs never push.
  const SentSegment& last = own.sent.last();
  const bool full_size = last.end - last.begin == own.largest_payload && own.has_pushed;
  if (seen.placement == Placement::in_order && nothing_outstanding && timer_could_fire &&
      full_size && !last.pushed && !own.window.closed()) {
    return {Origin::retransmission, OriginReason::pause_without_push, Confidence::low};
  }
  return {};
}

/// Packets whose IP IDs are missing below this one, less those that the open gaps and this
/// segment's own may stand for, and pure ACKs of what the peer sent that may have been lost.
std::int64_t Judge::lost_first_transmissions(const Hearing& hearing, const SendSpace::Seen& seen,
                                             SeqNum snd_nxt_before) {
  const Transfer& own = hearing.own;
  const SendSpace& space = hearing.at_hand.own_space();
  const SendSpace& peers = hearing.at_hand.peer_space();
  const auto segments = [](std::uint32_t octets, const Transfer& transfer) {
    const std::uint32_t unit = std::max<std::uint32_t>(transfer.largest_payload, 1);
    return (octets + unit - 1) / unit;
  };
  const std::int32_t skipped =
      ip_id_distance(own.ip_ids.highest(), hearing.at_hand.segment.ip_id) - 1;
  const std::uint32_t open =
      space.missing().octets_in(hearing.at_hand.slabs.missing, space.lowest(), snd_nxt_before);
  const std::uint32_t gap = seen.gap_end.value - seen.gap_begin.value;
  const bool owes_acks = peers.has_snd_una() && precedes(peers.snd_una(), peers.snd_nxt());
  const std::uint32_t owed = owes_acks ? peers.snd_nxt().value - peers.snd_una().value : 0;
  return std::int64_t{skipped} - segments(gap, own) - segments(open, own) -
         segments(owed, hearing.peers);
}

/// In a silence as long as a timeout a tail loss probe was sent too, and is among the missing.
void Judge::note_lost_at_top(Hearing& hearing, std::int64_t lost, std::int64_t pause) {
  const RoundTrip& far = hearing.own.round_trip;
  const auto agreed = hearing.at_hand.handshake.agreed();
  const bool probed =
      (!agreed || agreed->sack) && pause > Recovery::timeout_ns(far.smoothed(), far.variation());
  lost -= probed ? 1 : 0;
  hearing.own.lost_at_top = lost > 0 ? static_cast<std::uint32_t>(lost) : 0;
}

/// What the IP IDs missing before the first repeat of a recovery tell: nothing had been sent again,
/// so they are of bytes above all that was seen.
void Judge::note_lost_tail(Hearing& hearing, SeqNum snd_nxt_before) {
  Transfer& own = hearing.own;
  const Verdict& verdict = hearing.judged.verdict;
  const PathView path = path_of(hearing);
  const std::uint16_t ip_id = hearing.at_hand.segment.ip_id;
  const bool first = own.recovery.timeouts_in_row() <= 1 &&
                     (verdict.trigger == Trigger::timeout || verdict.trigger == Trigger::fast ||
                      verdict.trigger == Trigger::tail_loss_probe);
  if (!first || verdict.placement == Placement::in_order || path.at_sender ||
      !own.ip_ids.is_given(ip_id) || !own.ip_ids.counts_each_packet() || own.sends_offloaded) {
    return;
  }
  const std::int64_t lost = lost_first_transmissions(hearing, {}, snd_nxt_before);
  note_lost_at_top(hearing, lost, hearing.judged.silence_ns);
}

/// What follows the highest bytes seen is the lost tail if it comes a round trip after them, or
/// right behind another part of the tail; else it is new, and what was missing were repeats.
OriginVerdict Judge::tell_lost_tail(Hearing& hearing, const SendSpace::Seen& seen,
                                    const PathView& path) {
  Transfer& own = hearing.own;
  const std::int64_t now = hearing.at_hand.moment.time_ns;
  const bool behind_pause = wait_ns(own.top_ns, now) > path.round_trip_ns * 7 / 10;
  const bool in_run = own.top_was_repeat &&
                      wait_ns(own.top_ns, now) <
                          std::max(path.round_trip_ns * 3 / 2, own.round_trip.smoothed() * 3 / 2);
  const std::uint32_t lost = std::exchange(own.lost_at_top, 0);
  if (seen.placement != Placement::in_order) return {};
  if (own.top_was_repeat ? !in_run : !behind_pause) return {};
  own.lost_at_top = lost - 1;
  return {Origin::retransmission, OriginReason::behind_repeat, Confidence::medium};
}

/// Each SYN that comes, a copy too, draws a SYN+ACK.
bool Judge::answers_another_syn(const Hearing& hearing, const SentSegment& earlier) {
  const SentSegments& answered = hearing.peers.sent;
  if (!hearing.at_hand.segment.is_syn_ack() || answered.empty()) return false;
  const std::uint32_t syns = std::uint32_t{answered[0].transmissions} + answered[0].copies;
  return syns > std::uint32_t{earlier.transmissions} + earlier.copies;
}

/// A SYN+ACK that answers an earlier SYN although a later one came past: its first copy was lost.
OriginVerdict Judge::tell_first_syn_ack(const Hearing& hearing) {
  const Segment& segment = hearing.at_hand.segment;
  const SentSegments& answered = hearing.peers.sent;
  if (!segment.is_syn_ack() || !segment.options.has_timestamps || answered.empty()) return {};
  const SentSegment& syn = answered[0];
  const std::uint32_t echo = segment.options.timestamp_echo_reply;
  constexpr std::int64_t shortest_way = 200'000;  // there and back
  const std::int64_t since_last = wait_ns(syn.last_ns, hearing.at_hand.moment.time_ns);
  if (since_last < shortest_way) return {};  // they crossed
  if (syn.transmissions < 2 || echo != syn.first_timestamp || echo == syn.last_timestamp) return {};
  return {Origin::retransmission, OriginReason::answers_earlier_syn, Confidence::medium};
}

}  // namespace tapdeck
