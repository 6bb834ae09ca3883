#include "analyzer/tcp/missing_packets.h"

#include <algorithm>
#include <span>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

std::int64_t segments_of(std::uint32_t octets, const Transfer& transfer) {
  const std::uint32_t unit = std::max<std::uint32_t>(transfer.largest_payload, 1);
  return (octets + unit - 1) / unit;
}

/// Pure ACKs that the sender may have sent for what it acknowledges now for the first time, and
/// without SACK for what it may hold above.
std::int64_t answers_with_news(const Case& at_hand, const Transfer& peers) {
  const SendSpace& space = at_hand.peer_space();
  const Segment& segment = at_hand.segment;
  if (!segment.has(TcpFlags::ack) || !space.has_snd_una()) return 0;
  const SeqNum una = space.snd_una();
  if (goes_without_sack(at_hand)) return segments_of(space.snd_nxt().value - una.value, peers);
  const std::uint32_t octets =
      precedes(una, segment.seg_ack) ? segment.seg_ack.value - una.value : 0;
  const std::int64_t seen =
      static_cast<std::int64_t>(peers.sent.find_ending_after(later(una, segment.seg_ack)) -
                                peers.sent.find_ending_after(una));
  const auto blocks =
      std::span(segment.options.sack_blocks).first(segment.options.sack_block_count);
  std::uint32_t held = 0;
  for (const SackBlock& block : blocks) {
    if (precedes(segment.seg_ack, SeqNum{block.left_edge})) {
      held += block.right_edge - block.left_edge;
    }
  }
  const std::uint32_t newly_held = held - std::min(held, peers.sacked.octets());
  return std::max(seen, segments_of(octets, peers)) + segments_of(newly_held, peers);
}

/// What comes again although it was taken is answered at once (RFC 9293 §3.10.7.4), and so are a
/// SYN+ACK, a keep-alive and a reset that isn't where the receiver stands (RFC 5961 §3.2).
std::int64_t answers_at_once(const Hearing& hearing) {
  const SendSpace& space = hearing.at_hand.peer_space();
  const SentSegments& sent = hearing.peers.sent;
  const bool awaits_first = space.has_sent() && !space.has_snd_una();
  std::int64_t answers =
      hearing.peers.asking || hearing.peers.reset_elsewhere || awaits_first ? 1 : 0;
  if (awaits_first) return answers;
  // Half the way does, should it have been measured too long.
  const std::int64_t way = hearing.peers.round_trip.least() / 2;
  constexpr std::size_t most = 16;
  const std::size_t taken = std::min(most, sent.find_ending_after(space.snd_una()));
  for (std::size_t i = 0; i < taken; ++i) {
    const bool again = sent[i].transmissions > 1 || sent[i].copies != 0;
    const bool unheard = wait_ns(sent[i].last_ns, hearing.own.ip_ids.highest_ns()) < way;
    if (again && unheard) ++answers;
  }
  return answers;
}

/// Segments that the peer holds above the highest seen: they never passed here, but weren't lost.
std::int64_t held_unseen(const Hearing& hearing, SeqNum highest_seen) {
  return segments_of(hearing.own.sacked.octets_above(hearing.at_hand.slabs.ranges, highest_seen),
                     hearing.own);
}

}  // namespace

MissingPackets missing_before(const Hearing& hearing, const SendSpace::Seen& seen,
                              SeqNum snd_nxt_before) {
  const SendSpace& space = hearing.at_hand.own_space();
  const std::uint32_t open =
      space.missing().octets_sent_after(hearing.at_hand.slabs.missing, space.lowest(),
                                        snd_nxt_before, hearing.own.ip_ids.highest_ns());
  const std::uint32_t gap = seen.gap_end.value - seen.gap_begin.value;
  MissingPackets before{.known = segments_of(gap, hearing.own),
                        .possible = segments_of(open, hearing.own)};
  if (hearing.own.ip_ids.steps_over(hearing.at_hand.segment.ip_id)) {
    before.possible += acks_overtaken(hearing.at_hand, hearing.peers);
  }
  return before;
}

std::int64_t acks_overtaken(const Case& at_hand, const Transfer& peers) {
  if (!at_hand.segment.is_empty_ack()) return 0;
  return std::max<std::int64_t>(answers_with_news(at_hand, peers) - 1, 0);
}

std::int64_t lost_first_transmissions(const Hearing& hearing, const SendSpace::Seen& seen,
                                      SeqNum snd_nxt_before, bool acks_with_data) {
  const SendSpace& space = hearing.at_hand.own_space();
  const std::int32_t skipped =
      ip_id_distance(hearing.own.ip_ids.highest(), hearing.at_hand.segment.ip_id) - 1;
  // The first repeats of a recovery are those of the lowest gaps, the others weren't sent yet.
  const Trigger trigger = hearing.judged.verdict.trigger;
  const bool begins_recovery = trigger == Trigger::fast || trigger == Trigger::tail_loss_probe;
  const SeqNum repeated_below = begins_recovery ? hearing.judged.begin : snd_nxt_before;
  const std::uint32_t open =
      space.missing().octets_sent_after(hearing.at_hand.slabs.missing, space.lowest(),
                                        repeated_below, hearing.own.ip_ids.highest_ns());
  const std::uint32_t gap = seen.gap_end.value - seen.gap_begin.value;
  const std::int64_t with_news =
      acks_with_data ? 0 : answers_with_news(hearing.at_hand, hearing.peers);
  const SeqNum seen_below = gap == 0 ? snd_nxt_before : later(snd_nxt_before, seen.gap_end);
  return skipped - segments_of(gap, hearing.own) - segments_of(open, hearing.own) -
         held_unseen(hearing, seen_below) - with_news - answers_at_once(hearing);
}

}  // namespace tapdeck
