// What the segment says to its receiver: the acknowledgment, the SACK blocks and the window.
#include <span>
#include <utility>

#include "analyzer/tcp/delivery_evidence.h"
#include "analyzer/tcp/judge.h"
#include "analyzer/tcp/lost_tail.h"
#include "analyzer/tcp/probes.h"
#include "analyzer/tcp/round_trip_samples.h"
#include "analyzer/tcp/undo.h"
#include "analyzer/tcp/window_use.h"
#include "analyzer/tcp/without_sack.h"

namespace tapdeck {
namespace {

/// An ACK without blocks takes back what the receiver had said to hold (RFC 2018 §8).
void note_reneging(const Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  Transfer& peers = hearing.peers;
  const SendSpace& space = at_hand.peer_space();
  if (peers.sacked.empty() || !at_hand.segment.is_empty_ack()) return;
  if (!(at_hand.segment.seg_ack == space.snd_una())) return;
  if (at_or_before(peers.sacked.highest(at_hand.slabs.ranges), space.snd_una())) return;
  peers.sacked.for_each(at_hand.slabs.ranges, [&](const SequenceRange& held) {
    for (std::size_t i = peers.sent.find_ending_after(later(held.begin, space.snd_una()));
         i < peers.sent.size() && at_or_before(peers.sent[i].end, held.end); ++i) {
      if (at_or_before(held.begin, peers.sent[i].begin)) peers.sent[i].reneged = true;
    }
  });
  peers.sacked.release(at_hand.slabs.ranges);
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
    note_answer(at_hand, hearing.own, hearing.peers, x_pending, result.acknowledged);
  }
  note_undo(hearing, result.acknowledged, newly_sacked);
  measure_round_trip(at_hand, hearing.peers, result.acknowledged);
  if (result.acknowledged.advances) {
    judge_advance(hearing, result.acknowledged);
  } else if (seg_ack == acknowledged_space.snd_una()) {
    judge_standing_ack(hearing, newly_sacked, d_sack);
  }
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
  if (goes_without_sack(at_hand)) note_held(hearing, x_pending, acknowledged, point, after_timeout);
  note_delivered(at_hand, acknowledged.before, seg_ack);
  peers.sacked.forget_before(at_hand.slabs.ranges, seg_ack);
  if (!acknowledged.beyond_sent) return;
  note_top_held(peers, acknowledged.unseen);
  const MissingRange& unseen = at_hand.peer_space().missing().highest(at_hand.slabs.missing);
  hearing.judged.verdict.ack = AckVerdict::acks_unseen_data;
  hearing.judged.unseen_octets = acknowledged.unseen;
  counters(at_hand.slabs, other(at_hand.from)).not_captured_octets += acknowledged.unseen;
  if (acknowledged.beyond_shown) {  // one that waits tells for all of a run
    hearing.judged.verdict.not_captured = true;
    return;
  }
  hearing.pending.waits_for_data = true;
  hearing.pending.unseen_begin = unseen.begin;
  hearing.pending.unseen_end = unseen.end;
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
  note_drawn_duplicate(hearing, x_pending);
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
    if (i == 0 && at_hand.segment.reports_second_copy()) {
      d_sack = true;
      note_d_sack(at_hand, hearing.peers.round_trip, x_pending, begin, end);
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

/// What the peer holds and this capture never held was not captured; the first segment behind the
/// hole says so.
void Judge::note_delivered(const Case& at_hand, SeqNum begin, SeqNum end) {
  const Side sender = other(at_hand.from);
  at_hand.peer_space().note_delivered(
      at_hand.slabs.missing, begin, end, at_hand.moment, [&](const MissingRange& range) {
        counters(at_hand.slabs, sender).not_captured_octets += range.end.value - range.begin.value;
        x_pending.remove_if(at_hand.slabs.pending, [&](PendingVerdict& pending) {
          if (!pending.waits_for_gap || pending.segment.frame != range.opener.frame) return false;
          pending.segment.verdict.not_captured = true;
          pending.segment.gap_not_captured = true;
          pending.waits_for_gap = false;
          if (pending.waits()) return false;
          settle(at_hand.slabs, pending);
          return true;
        });
      });
}

}  // namespace tapdeck
