#include "analyzer/tcp/send_space.h"

#include <algorithm>

namespace tapdeck {

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
  x_snd_nxt = x_lowest;
}

SendSpace::Seen SendSpace::on_sent(MissingRangeSlab& slab, const Segment& segment) {
  if (segment.has(TcpFlags::syn) && !x_has_iss) {
    x_has_iss = true;
    x_iss = segment.seg_seq;
  }
  if (!x_has_sent) begin_at(segment);
  const SeqNum end = segment.seg_seq + segment.seg_len();
  const bool opens_here = segment.has(TcpFlags::syn) && x_snd_nxt == segment.seg_seq;
  if (opens_here) x_snd_nxt = segment.data_begin();  // the data of the SYN begins behind it
  Seen seen;
  if (segment.payload_octets != 0) {
    seen = place(slab, segment.data_begin(), segment.data_end());
  } else if (precedes(x_snd_nxt, segment.seg_seq)) {
    // An empty segment is sent at snd_nxt: what lies before it was sent and not captured.
    x_missing.append(slab, x_snd_nxt, segment.seg_seq);
  }
  seen.advances = opens_here || precedes(x_snd_nxt, end);
  x_snd_nxt = later(x_snd_nxt, end);
  // Positions compare over half the sequence space: what lies further back is out of sight.
  constexpr std::uint32_t sight = 1U << 30U;
  if (!x_missing.empty()) x_missing.forget_before(slab, x_snd_nxt - sight);
  x_lowest = later(x_lowest, x_snd_nxt - sight);
  return seen;
}

SendSpace::Seen SendSpace::place(MissingRangeSlab& slab, SeqNum begin, SeqNum end) {
  Seen seen;
  const std::uint32_t octets = end.value - begin.value;
  if (precedes(begin, x_lowest) && !x_has_iss) {
    const SeqNum below_end = earlier(end, x_lowest);
    seen.unique += below_end.value - begin.value;
    if (precedes(below_end, x_lowest)) x_missing.prepend(slab, below_end, x_lowest);
    x_lowest = begin;
  }
  if (precedes(x_snd_nxt, begin)) x_missing.append(slab, x_snd_nxt, begin);
  if (precedes(x_snd_nxt, end)) seen.unique += end.value - later(begin, x_snd_nxt).value;
  if (!x_missing.empty() && precedes(begin, x_snd_nxt)) {
    seen.unique += x_missing.fill(slab, begin, earlier(end, x_snd_nxt));
  }
  seen.unique = std::min(seen.unique, octets);
  seen.repeated = octets - seen.unique;
  return seen;
}

SendSpace::Acknowledged SendSpace::on_acknowledged(const MissingRangeSlab& slab, SeqNum seg_ack) {
  Acknowledged result;
  if (!x_has_snd_una) {
    x_has_snd_una = true;
    x_snd_una = seg_ack;
    if (x_has_iss || x_has_sent) {
      const SeqNum begin = x_has_iss ? x_iss : x_lowest;
      result.advances = precedes(begin, seg_ack);
      result.gaps = x_missing.count_beginning_in(slab, begin, seg_ack);
    }
    return result;
  }
  if (!precedes(x_snd_una, seg_ack)) return result;
  result.advances = true;
  result.gaps = x_missing.count_beginning_in(slab, x_snd_una, seg_ack);
  x_snd_una = seg_ack;
  return result;
}

}  // namespace tapdeck
