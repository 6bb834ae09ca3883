// One endpoint's send sequence space (RFC 9293 §3.3.1) as it passed the capture point.
#pragma once

#include <cstdint>

#include "analyzer/tcp/missing_ranges.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

class SendSpace {
 public:
  /// What one segment was to the capture.
  struct Seen {
    std::uint32_t unique = 0;    ///< Payload octets seen for the first time.
    std::uint32_t repeated = 0;  ///< Payload octets seen before.
    bool advances = false;       ///< It ends above everything sent before.
    Placement placement{};
    SeqNum gap_begin, gap_end;  ///< The gap that it opened, if any.
    MissingRanges::Filled filled;
  };

  /// A segment that this endpoint sent; `mark` is what is noted with a gap that it opens.
  /// Requires: it is no reset.
  Seen on_sent(MissingRangeSlab& slab, const Segment& segment, const GapOpener& mark);

  /// What on_sent does of a segment at snd_nxt without SYN and FIN. Requires: is_whole().
  Seen on_sent_at_snd_nxt(MissingRangeSlab& slab, const Segment& segment);

  struct Acknowledged {
    bool advances = false;
    bool beyond_sent = false;   ///< It covers octets above everything seen …
    std::uint32_t unseen = 0;   ///< … so many.
    bool beyond_shown = false;  ///< …and an acknowledgment before it did so too, right below.
    SeqNum before;              ///< snd_una until then.
    std::uint32_t gaps = 0;     ///< Ranges now acknowledged that the capture never held.
  };

  /// The peer's acknowledgement of what this endpoint sent.
  Acknowledged on_acknowledged(MissingRangeSlab& slab, SeqNum seg_ack, const GapOpener& mark);

  /// The highest acknowledgment was of octets never sent, as the sender's own segments show: it
  /// counts for nothing. Requires: the highest gap is open by that acknowledgment.
  void retract_acknowledgment(MissingRangeSlab& slab, SeqNum snd_una_before);

  /// What the peer holds of this endpoint's octets, by acknowledgment or SACK.
  template <class Visit>
  void note_delivered(MissingRangeSlab& slab, SeqNum begin, SeqNum end, Moment now, Visit visit) {
    if (!x_missing.empty()) x_missing.note_delivered(slab, begin, end, now, visit);
  }
  /// Its SACK in `frame` begins at `sacked`: below it the peer lacks what it didn't acknowledge.
  void note_lacking(MissingRangeSlab& slab, SeqNum sacked, std::uint64_t frame) {
    if (x_missing.empty() || !x_has_snd_una) return;
    x_missing.note_lacking(slab, x_snd_una, sacked, frame);
  }

  /// True once a segment was sent: snd_nxt has a meaning.
  [[nodiscard]] bool has_sent() const { return x_has_sent; }
  [[nodiscard]] bool has_iss() const { return x_has_iss; }
  [[nodiscard]] bool has_snd_una() const { return x_has_snd_una; }
  [[nodiscard]] SeqNum iss() const { return x_iss; }
  /// Highest acknowledgement seen.
  [[nodiscard]] SeqNum snd_una() const { return x_snd_una; }
  /// End of the highest segment sent.
  [[nodiscard]] SeqNum snd_nxt() const { return x_snd_nxt; }
  /// End of the highest octets seen: empty segments and acknowledgments may show more.
  [[nodiscard]] SeqNum seen_end() const { return x_seen_end; }
  /// Lowest position sent; without a SYN the capture began above the connection's own beginning.
  [[nodiscard]] SeqNum lowest() const { return x_lowest; }
  [[nodiscard]] const MissingRanges& missing() const { return x_missing; }
  /// What passed here goes up to snd_nxt, and what is missing below was delivered.
  [[nodiscard]] bool is_whole() const {
    return x_missing.all_delivered() && x_seen_end == x_snd_nxt;
  }

  /// The initial sequence number where a SYN+ACK tells it and the SYN wasn't captured.
  void infer_iss(SeqNum iss);

  void clear(MissingRangeSlab& slab) { x_missing.clear(slab); }

 private:
  void begin_at(const Segment& segment);
  void place(MissingRangeSlab& slab, const Segment& segment, const GapOpener& mark, Seen& seen);
  void forget_what_is_out_of_sight(MissingRangeSlab& slab);

  SeqNum x_iss;
  SeqNum x_snd_una;
  SeqNum x_snd_nxt;
  SeqNum x_lowest;
  SeqNum x_seen_end;  // of the highest segment with octets; empty ones and ACKs may show more
  MissingRanges x_missing;
  bool x_has_iss = false;
  bool x_has_sent = false;
  bool x_has_snd_una = false;
};

}  // namespace tapdeck
