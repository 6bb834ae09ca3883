// What the segment says to its receiver: the acknowledgment, the SACK blocks and the window.
#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/judge.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// A block of this very segment holds [begin, end).
bool is_within_sack(const TcpOptions& options, SeqNum begin, SeqNum end) {
  const auto blocks = std::span(options.sack_blocks).first(options.sack_block_count);
  return std::ranges::any_of(blocks, [&](const SackBlock& block) {
    return at_or_before(SeqNum{block.left_edge}, begin) &&
           at_or_before(end, SeqNum{block.right_edge});
  });
}

/// No ACK before it is missing, such as one that stopped below where this one does.
bool follows_directly(const IpIdSequence& ip_ids, std::uint16_t ip_id) {
  return ip_ids.counts_up() && ip_id_distance(ip_ids.highest(), ip_id) == 1;
}

}  // namespace

void Judge::judge_acknowledgment(Hearing& hearing, Result& result) {
  const Case& at_hand = hearing.at_hand;
  accept_probe(hearing);
  account_flight(hearing.peers, at_hand.peer_space(), at_hand.moment.time_ns);
  const SeqNum seg_ack = at_hand.segment.seg_ack;
  SendSpace& acknowledged_space = at_hand.peer_space();
  result.acknowledged = acknowledged_space.on_acknowledged(at_hand.slabs.missing, seg_ack,
                                                           {.frame = at_hand.moment.frame,
                                                            .time_ns = at_hand.moment.time_ns,
                                                            .by_ack = true,
                                                            .delivered = true});
  bool d_sack = false;
  const std::uint32_t newly_sacked = take_sack(hearing, d_sack);
  if (newly_sacked > 0) hearing.peers.recovery.on_sack(at_hand.moment.time_ns);
  if (d_sack) hearing.peers.recovery.on_needless(seg_ack);
  if (result.acknowledged.advances || newly_sacked > 0) {
    note_answer(at_hand, result.acknowledged);
  }
  note_undo(hearing, result.acknowledged, newly_sacked);
  measure_round_trip(at_hand, hearing.peers, result.acknowledged);
  if (result.acknowledged.advances) {
    judge_advance(hearing, result.acknowledged);
  } else if (seg_ack == acknowledged_space.snd_una()) {
    judge_standing_ack(hearing, newly_sacked, d_sack);
  }
}

/// The byte of a window probe counts as sent once the peer takes it.
void Judge::accept_probe(Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  SendSpace& probed = at_hand.peer_space();
  if (!hearing.peers.probed_with_byte) return;
  const SeqNum end = hearing.peers.probe_end;
  if (!(probed.snd_nxt() + 1 == end) || precedes(at_hand.segment.seg_ack, end)) return;
  Segment byte;
  byte.seg_seq = end - 1;
  byte.payload_octets = 1;
  (void)probed.on_sent(at_hand.slabs.missing, byte, {});
  hearing.peers.probed_with_byte = false;
}

void Judge::judge_advance(Hearing& hearing, const SendSpace::Acknowledged& acknowledged) {
  const Case& at_hand = hearing.at_hand;
  const SeqNum seg_ack = at_hand.segment.seg_ack;
  Transfer& peers = hearing.peers;
  hearing.judged.verdict.ack =
      peers.recovery.is_partial(seg_ack) ? AckVerdict::partial_ack : AckVerdict::advances;
  const bool after_timeout = peers.recovery.phase() == Recovery::Phase::after_timeout;
  const SeqNum point = peers.recovery.point();
  peers.recovery.on_advance(seg_ack, at_hand.moment.time_ns);
  if (goes_without_sack(at_hand)) note_held(hearing, acknowledged, point, after_timeout);
  note_delivered(at_hand, acknowledged.before, seg_ack);
  peers.sacked.forget_before(at_hand.slabs.ranges, seg_ack);
  if (!acknowledged.beyond_sent) return;
  const MissingRange& unseen = at_hand.peer_space().missing().highest(at_hand.slabs.missing);
  hearing.judged.verdict.ack = AckVerdict::acks_unseen_data;
  hearing.judged.gap_octets = acknowledged.unseen;
  counters(at_hand.slabs, other(at_hand.from)).not_captured_octets += acknowledged.unseen;
  if (acknowledged.beyond_shown) {  // one that waits tells for all of a run
    hearing.judged.verdict.not_captured = true;
    return;
  }
  hearing.pending.waits_for_data = true;
  hearing.pending.gap_begin = unseen.begin;
  hearing.pending.gap_end = unseen.end;
  hearing.pending.snd_una_before = acknowledged.before;
}

/// RFC 5681 §2 asks for outstanding data and an unchanged window; with SACK, news of what arrived
/// is enough (RFC 6675 §2).
void Judge::judge_standing_ack(Hearing& hearing, std::uint32_t newly_sacked, bool d_sack) {
  const Case& at_hand = hearing.at_hand;
  const Segment& segment = at_hand.segment;
  if (!segment.is_empty_ack() || hearing.judged.verdict.origin != Origin::first) return;
  Transfer& peers = hearing.peers;
  Verdict& verdict = hearing.judged.verdict;
  if (verdict.ack == AckVerdict::challenge_ack) return;
  const bool same_window = peers.window.known && peers.window.field == segment.window_field;
  if (newly_sacked == 0 && same_window) peers.recovery.on_needless(segment.seg_ack);
  if (std::exchange(peers.asking, false)) {
    verdict.ack = AckVerdict::keep_alive_ack;
    return;
  }
  if (peers.probing && !peers.probe_answered) {
    peers.probe_answered = true;
    verdict.ack = AckVerdict::window_probe_ack;
    return;
  }
  const SendSpace& space = at_hand.peer_space();
  const bool outstanding = space.has_sent() && precedes(space.snd_una(), space.snd_nxt());
  note_drawn_duplicate(hearing);
  if (!outstanding) return;
  if (newly_sacked == 0 && (d_sack || !same_window)) return;
  verdict.ack = AckVerdict::duplicate_ack;
  if (goes_without_sack(at_hand)) peers.held.on_duplicate_ack(segment.seg_ack);
  peers.recovery.on_duplicate_ack(at_hand.moment.time_ns);
}

/// RFC 2018, with RFC 2883's first block for what arrived twice. Octets newly known to be held.
std::uint32_t Judge::take_sack(Hearing& hearing, bool& d_sack) {
  const Case& at_hand = hearing.at_hand;
  const TcpOptions& options = at_hand.segment.options;
  if (options.sack_block_count == 0) {
    note_reneging(hearing);
    return 0;
  }
  const auto blocks = std::span(options.sack_blocks).first(options.sack_block_count);
  const SeqNum una = at_hand.peer_space().snd_una();
  // Nobody holds what was never sent: what the capture missed of it lies within the window.
  const OfferedWindow& window = hearing.peers.window;
  const SeqNum snd_nxt = at_hand.peer_space().snd_nxt();
  const SeqNum limit = window.scaled ? later(snd_nxt, window.right_edge) : snd_nxt + (1U << 30U);
  std::uint32_t newly = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const SeqNum begin{blocks[i].left_edge};
    const SeqNum end{blocks[i].right_edge};
    if (!precedes(begin, end)) continue;
    const bool inside_next = i == 0 && blocks.size() > 1 &&
                             at_or_before(SeqNum{blocks[1].left_edge}, begin) &&
                             at_or_before(end, SeqNum{blocks[1].right_edge});
    const bool below = at_or_before(end, una) || precedes(begin, at_hand.segment.seg_ack);
    if (i == 0 && (below || inside_next)) {
      d_sack = true;
      note_d_sack(at_hand, begin, end);
      continue;
    }
    if (!precedes(una, end) || precedes(limit, end)) continue;
    const SeqNum from = later(begin, una);
    const std::uint32_t added = hearing.peers.sacked.add(at_hand.slabs.ranges, from, end);
    if (added == 0) continue;
    newly += added;
    note_delivered(at_hand, from, end);
    at_hand.peer_space().note_lacking(at_hand.slabs.missing, from, at_hand.moment.frame);
  }
  return newly;
}

/// An ACK without blocks takes back what the receiver had said to hold (RFC 2018 §8).
void Judge::note_reneging(Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  Transfer& peers = hearing.peers;
  const SendSpace& space = at_hand.peer_space();
  if (peers.sacked.empty() || !at_hand.segment.is_empty_ack()) return;
  if (!(at_hand.segment.seg_ack == space.snd_una())) return;
  if (at_or_before(peers.sacked.highest(at_hand.slabs.ranges), space.snd_una())) return;
  for (std::size_t i = peers.sent.find_ending_after(space.snd_una()); i < peers.sent.size(); ++i) {
    SentSegment& record = peers.sent[i];
    if (peers.sacked.contains(at_hand.slabs.ranges, record.begin, record.end)) {
      record.reneged = true;
    }
  }
  peers.sacked.release(at_hand.slabs.ranges);
}

/// The echo of the latest value bounds the least round trip; while nothing else is known, that of
/// an earlier one does too, by the ticks between them, unless a timer may have sent it again.
void Judge::note_echo(const Case& at_hand, Transfer& peers) {
  const std::uint32_t echo = at_hand.segment.options.timestamp_echo_reply;
  const std::int32_t behind = timestamp_distance(echo, peers.clock.latest());
  if (behind < 0) return;
  const std::int64_t bound =
      wait_ns(peers.clock.latest_ns(), at_hand.moment.time_ns) + behind * peers.clock.tick_ns();
  if (behind > 0 && bound >= shortest_timer) return;
  peers.echo_taken = behind == 0;
  peers.round_trip.note_at_most(bound);
}

/// The answer to a SYN names the copy that its sender times.
void Judge::note_timed_syn(const TcpOptions& options, Transfer& peers) {
  if (!options.has_timestamps || peers.sent.empty()) return;
  constexpr std::int64_t millisecond = 1'000'000;
  const std::int64_t ticks =
      timestamp_distance(options.timestamp_echo_reply, peers.sent[0].last_timestamp);
  peers.syn_timed_ms = static_cast<std::uint16_t>(std::clamp<std::int64_t>(
      ticks * peers.clock.tick_ns() / millisecond, 0, std::numeric_limits<std::uint16_t>::max()));
}

/// Karn's rule (RFC 6298 §3), and only where the acknowledgment was drawn by the newest bytes that
/// it covers. Timestamps bound the least from above (RFC 7323 §4.1).
void Judge::measure_round_trip(const Case& at_hand, Transfer& peers,
                               const SendSpace::Acknowledged& acknowledged) {
  const TcpOptions& options = at_hand.segment.options;
  if (options.has_timestamps && peers.clock.known() && !peers.echo_taken &&
      (options.timestamp_echo_reply == peers.clock.latest() || !peers.round_trip.known())) {
    note_echo(at_hand, peers);
  }
  if (acknowledged.advances && acknowledged.before == at_hand.peer_space().iss()) {
    note_timed_syn(options, peers);
  }
  const bool plain = acknowledged.advances && peers.sacked.empty() &&
                     peers.recovery.phase() == Recovery::Phase::open;
  if (!plain || peers.sent.empty()) return;
  const std::size_t place = peers.sent.find_ending_after(at_hand.segment.seg_ack);
  if (place == 0) return;
  const SentSegment& newest = peers.sent[place - 1];
  if (acknowledged.beyond_sent || newest.transmissions > 1 || newest.first_unseen ||
      at_or_before(newest.end, acknowledged.before)) {
    return;
  }
  peers.round_trip.add(at_hand.slabs.round_trips, wait_ns(newest.last_ns, at_hand.moment.time_ns));
}

/// Word from the receiver about what retransmissions wait for.
void Judge::note_answer(const Case& at_hand, const SendSpace::Acknowledged& acknowledged) {
  if (!x_pending.await_answer()) return;
  const TcpOptions& options = at_hand.segment.options;
  const Transfer& peers = transfer(at_hand.slabs, other(at_hand.from));
  const SendSpace& space = at_hand.peer_space();
  const std::int64_t soonest = soonest_answer_ns(peers.round_trip);
  const bool none_before_lost =
      follows_directly(transfer(at_hand.slabs, at_hand.from).ip_ids, at_hand.segment.ip_id);
  x_pending.for_each(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    const JudgedSegment& judged = pending.segment;
    if (!pending.waits_for_delivery || pending.covered || judged.from == at_hand.from) {
      return;
    }
    const bool by_ack = at_or_before(judged.end, space.snd_una());
    if (!by_ack && !is_within_sack(options, judged.begin, judged.end)) return;
    x_pending.cover(pending);
    const std::int64_t since = wait_ns(judged.time_ns, at_hand.moment.time_ns);
    pending.covered_after_ns = since;
    pending.answered_from_time_wait = pending.fin_acks_fin && is_without_socket(at_hand);
    pending.answer_missing = is_behind_missing_answer(at_hand, pending);
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

void Judge::note_d_sack(const Case& at_hand, SeqNum begin, SeqNum end) {
  if (x_pending.empty()) return;
  constexpr std::int32_t linux_allows = 1;  // a tick
  const TcpOptions& options = at_hand.segment.options;
  const std::int64_t soonest =
      soonest_answer_ns(transfer(at_hand.slabs, other(at_hand.from)).round_trip);
  x_pending.for_each(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    const JudgedSegment& judged = pending.segment;
    if (!pending.waits_for_delivery || judged.from == at_hand.from ||
        precedes(judged.begin, begin) || precedes(end, judged.end)) {
      return;
    }
    // A receiver tells at once of what comes twice. If the repeat had filled the hole, and the echo
    // is of later segments, it is the copy before, too late for its clock (RFC 7323 §5.3).
    const bool filled_before = pending.covered && pending.covered_after_ns >= soonest;
    const std::uint32_t echo = options.timestamp_echo_reply;
    const bool refused = pending.earlier_seen && options.has_timestamps &&
                         timestamp_distance(pending.timestamp, echo) > 0 &&
                         timestamp_distance(pending.earlier_timestamp, echo) > linux_allows;
    if (filled_before && refused) return;
    // What was delivered twice may be a later repeat and this one.
    const bool of_later = pending.later_repeats != 0 &&
                          wait_ns(pending.repeated_ns, at_hand.moment.time_ns) >= soonest;
    if (of_later) {
      --pending.later_repeats;
    } else if (pending.d_sacks != 255) {
      ++pending.d_sacks;
      pending.d_sack_frame = at_hand.moment.frame;
    }
  });
}

/// What the peer holds and this capture never held was not captured; the first segment behind the
/// hole says so.
void Judge::note_delivered(const Case& at_hand, SeqNum begin, SeqNum end) {
  const Side sender = other(at_hand.from);
  at_hand.peer_space().note_delivered(
      at_hand.slabs.missing, begin, end, at_hand.moment.frame, [&](const MissingRange& range) {
        counters(at_hand.slabs, sender).not_captured_octets += range.end.value - range.begin.value;
        x_pending.remove_if(at_hand.slabs.pending, [&](PendingVerdict& pending) {
          if (!pending.waits_for_gap || pending.segment.frame != range.opener.frame) return false;
          pending.segment.verdict.not_captured = true;
          pending.waits_for_gap = false;
          if (pending.waits_for_delivery) return false;
          settle(at_hand.slabs, pending);
          return true;
        });
      });
}

void Judge::judge_window(Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  const Segment& segment = at_hand.segment;
  if (!segment.has(TcpFlags::ack)) return;
  OfferedWindow& window = hearing.peers.window;
  if (window.known && precedes(segment.seg_ack, window.ack)) return;  // overtaken
  const std::optional<std::uint8_t> scale =
      segment.has(TcpFlags::syn) ? std::uint8_t{0} : at_hand.states.view(at_hand.from).shift();
  const std::uint32_t octets = std::uint32_t{segment.window_field} << scale.value_or(0);
  const SeqNum right_edge = segment.seg_ack + octets;
  Verdict& verdict = hearing.judged.verdict;
  const bool over = at_hand.states.of(at_hand.from).peer_fin_received;
  if (segment.window_field == 0 && !segment.has(TcpFlags::syn | TcpFlags::fin) && !over) {
    verdict.window = WindowVerdict::zero_window;
  } else if (window.known && scale) {
    const std::int32_t moved = right_edge - window.right_edge;
    const auto granularity = static_cast<std::int32_t>(1U << *scale);
    if (moved < -granularity && window.scaled && !window.of_syn && !segment.has(TcpFlags::syn)) {
      verdict.window = WindowVerdict::window_shrunk;
    } else if (moved > 0 && window.ack == segment.seg_ack && segment.is_empty_ack() &&
               verdict.ack == AckVerdict::none && verdict.origin == Origin::first) {
      verdict.window = WindowVerdict::window_update;
    }
    hearing.peers.flight.greatest_window = std::max(hearing.peers.flight.greatest_window, octets);
  }
  window = {.known = true,
            .of_syn = segment.has(TcpFlags::syn),
            .scaled = scale.has_value(),
            .field = segment.window_field,
            .ack = segment.seg_ack,
            .right_edge = right_edge};
}

/// New bytes that end where the peer's window ends.
void Judge::judge_window_use(Hearing& hearing) {
  const OfferedWindow& window = hearing.own.window;
  const Verdict& verdict = hearing.judged.verdict;
  if (!window.known || !window.scaled || hearing.judged.payload_octets == 0) return;
  if (verdict.origin != Origin::first || !(hearing.judged.end == window.right_edge)) return;
  hearing.judged.verdict.window = WindowVerdict::window_full;
}

/// The time since the last word of either side belongs to what held the sender back then.
void Judge::account_flight(Transfer& transfer, const SendSpace& space, std::int64_t now_ns) {
  FlightTimes& flight = transfer.flight;
  const bool outstanding =
      space.has_sent() && space.has_snd_una() && precedes(space.snd_una(), space.snd_nxt());
  if (outstanding && flight.last_ns != 0) {
    const std::int64_t elapsed = std::max<std::int64_t>(wait_ns(flight.last_ns, now_ns), 0);
    constexpr std::int64_t enough = std::int64_t{1} << 61U;  // of wild time stamps
    if (flight.in_flight_ns > enough) return;
    flight.in_flight_ns += elapsed;
    const bool used_up = transfer.window.known && transfer.window.scaled &&
                         transfer.window.right_edge - space.snd_nxt() <
                             static_cast<std::int32_t>(transfer.largest_payload);
    if (transfer.recovery.phase() != Recovery::Phase::open) {
      flight.recovering_ns += elapsed;
    } else if (used_up) {
      flight.receiver_limited_ns += elapsed;
    }
    flight.greatest_flight =
        std::max(flight.greatest_flight, space.snd_nxt().value - space.snd_una().value);
  }
  flight.last_ns = now_ns;
}

}  // namespace tapdeck
