#include "analyzer/tcp/send_space.h"

#include <algorithm>

namespace tapdeck {
namespace {

/// Positions compare over half the sequence space: what lies further back is out of sight.
constexpr std::uint32_t sight = 1U << 30U;

}  // namespace

void SendSpace::infer_iss(SeqNum iss) {
  if (x_has_iss) return;
  x_has_iss = true;
  x_iss = iss;
}

void SendSpace::begin_at(const Segment& segment) {
  x_has_sent = true;
  // With the SYN known by its acknowledgement alone, what precedes the first segment is a gap.
  const bool iss_is_near = x_has_iss && precedes(x_iss, segment.seg_seq);
  x_lowest = iss_is_near ? x_iss + 1 : segment.seg_seq;
  x_snd_nxt = x_seen_end = x_lowest;
}

SendSpace::Seen SendSpace::on_sent(MissingRangeSlab& slab, const Segment& segment,
                                   const GapOpener& mark) {
  if (segment.has(TcpFlags::syn) && !x_has_iss) {
    x_has_iss = true;
    x_iss = segment.seg_seq;
  }
  if (!x_has_sent) begin_at(segment);
  const SeqNum end = segment.seg_seq + segment.seg_len();
  const bool opens_here = segment.has(TcpFlags::syn) && x_snd_nxt == segment.seg_seq;
  if (opens_here) x_snd_nxt = segment.data_begin();  // the data of the SYN begins behind it
  Seen seen;
  if (precedes(segment.data_begin(), end)) {
    place(slab, segment, mark, seen);
  } else if (precedes(x_snd_nxt, segment.seg_seq)) {
    // An empty segment is sent at snd_nxt: what lies before it was sent and not captured.
    seen.gap_begin = x_snd_nxt;
    seen.gap_end = segment.seg_seq;
    x_missing.append(slab, x_snd_nxt, segment.seg_seq, mark);
  }
  if (opens_here) seen.placement = Placement::in_order;
  seen.advances = opens_here || precedes(x_snd_nxt, end);
  x_snd_nxt = later(x_snd_nxt, end);
  if (segment.seg_len() != 0) x_seen_end = later(x_seen_end, end);
  forget_what_is_out_of_sight(slab);
  return seen;
}

SendSpace::Seen SendSpace::on_sent_at_snd_nxt(MissingRangeSlab& slab, const Segment& segment) {
  Seen seen;
  if (segment.payload_octets != 0) {
    seen.unique = segment.payload_octets;
    seen.advances = true;
    seen.placement = Placement::in_order;
    x_snd_nxt = x_seen_end = segment.data_end();
  }
  forget_what_is_out_of_sight(slab);
  return seen;
}

void SendSpace::forget_what_is_out_of_sight(MissingRangeSlab& slab) {
  if (!x_missing.empty()) x_missing.forget_before(slab, x_snd_nxt - sight);
  x_lowest = later(x_lowest, x_snd_nxt - sight);
}

/// Payload and FIN; a SYN stands before everything.
void SendSpace::place(MissingRangeSlab& slab, const Segment& segment, const GapOpener& mark,
                      Seen& seen) {
  const SeqNum begin = segment.data_begin();
  const SeqNum end = segment.seg_seq + segment.seg_len();
  const SeqNum data_end = segment.data_end();
  if (begin == x_snd_nxt) {
    seen.placement = Placement::in_order;
  } else if (precedes(x_snd_nxt, begin)) {
    seen.placement = Placement::gap_before;
    seen.gap_begin = x_snd_nxt;
    seen.gap_end = begin;
    x_missing.append(slab, x_snd_nxt, begin, mark);
  } else if (precedes(x_snd_nxt, end)) {
    seen.placement = Placement::overlap;
  }
  std::uint32_t unseen = 0;
  if (precedes(begin, x_lowest) && !x_has_iss) {
    const SeqNum below_end = earlier(end, x_lowest);
    unseen += below_end.value - begin.value;
    if (precedes(below_end, x_lowest)) x_missing.prepend(slab, below_end, x_lowest, mark);
    x_lowest = begin;
    if (seen.placement == Placement::none) seen.placement = Placement::fills_gap;
  }
  if (precedes(x_snd_nxt, end)) unseen += end.value - later(begin, x_snd_nxt).value;
  if (!x_missing.empty() && precedes(begin, x_snd_nxt)) {
    seen.filled = x_missing.fill(slab, begin, earlier(end, x_snd_nxt));
    unseen += seen.filled.octets;
    if (seen.filled.octets != 0 && seen.placement == Placement::none) {
      const bool behind_all_seen = at_or_before(x_seen_end, begin);
      seen.placement = !behind_all_seen      ? Placement::fills_gap
                       : begin == x_seen_end ? Placement::in_order
                                             : Placement::gap_before;
    }
  }
  // A FIN that was missing is no payload.
  const std::uint32_t payload = data_end.value - begin.value;
  seen.unique = std::min(unseen, payload);
  seen.repeated = payload - seen.unique;
}

SendSpace::Acknowledged SendSpace::on_acknowledged(MissingRangeSlab& slab, SeqNum seg_ack,
                                                   const GapOpener& mark) {
  Acknowledged result;
  const SeqNum begin = x_has_snd_una ? x_snd_una : x_has_iss ? x_iss : x_lowest;
  const bool has_begin = x_has_snd_una || x_has_iss || x_has_sent;
  result.before = has_begin ? begin : seg_ack;
  if (has_begin && !precedes(begin, seg_ack)) {
    if (!x_has_snd_una) x_snd_una = seg_ack;
    x_has_snd_una = true;
    return result;
  }
  if (has_begin) {
    result.advances = true;
    result.gaps = x_missing.count_beginning_in(slab, begin, seg_ack);
  }
  if (x_has_sent && precedes(x_snd_nxt, seg_ack)) {
    result.beyond_sent = true;
    result.unseen = seg_ack.value - x_snd_nxt.value;
    result.beyond_shown = !x_missing.empty() && x_missing.highest(slab).opener.by_ack &&
                          x_missing.highest(slab).end == x_snd_nxt;
    if (result.beyond_shown) {
      x_missing.extend_highest(slab, seg_ack, mark.time_ns);
    } else {
      x_missing.append(slab, x_snd_nxt, seg_ack, mark);
    }
    x_snd_nxt = seg_ack;
  }
  x_has_snd_una = true;
  x_snd_una = seg_ack;
  return result;
}

void SendSpace::retract_acknowledgment(MissingRangeSlab& slab, SeqNum snd_una_before) {
  x_snd_nxt = x_missing.highest(slab).begin;
  x_missing.remove_highest(slab);
  x_snd_una = snd_una_before;
}

}  // namespace tapdeck
