// One endpoint's send sequence space (RFC 9293 §3.3.1) as it passed the capture point.
#pragma once

#include <cstdint>

#include "analyzer/tcp/missing_ranges.h"
#include "analyzer/tcp/segment.h"

namespace tapdeck {

class SendSpace {
 public:
  /// What one segment's data was to the capture, in payload octets.
  struct Seen {
    std::uint32_t unique = 0;
    std::uint32_t repeated = 0;
    bool advances = false;  ///< It ends above everything sent before.
  };

  /// A segment that this endpoint sent. Requires: it is no reset.
  Seen on_sent(MissingRangeSlab& slab, const Segment& segment);

  struct Acknowledged {
    bool advances = false;
    std::uint32_t gaps = 0;  ///< Ranges now acknowledged that the capture never held.
  };

  /// The peer's acknowledgement of what this endpoint sent.
  Acknowledged on_acknowledged(const MissingRangeSlab& slab, SeqNum seg_ack);

  /// True once a segment was sent: snd_nxt has a meaning.
  [[nodiscard]] bool has_sent() const { return x_has_sent; }
  [[nodiscard]] bool has_iss() const { return x_has_iss; }
  [[nodiscard]] bool has_snd_una() const { return x_has_snd_una; }
  [[nodiscard]] SeqNum iss() const { return x_iss; }
  /// Highest acknowledgement seen.
  [[nodiscard]] SeqNum snd_una() const { return x_snd_una; }
  /// End of the highest segment sent.
  [[nodiscard]] SeqNum snd_nxt() const { return x_snd_nxt; }
  /// Lowest position sent; without a SYN the capture began above the connection's own beginning.
  [[nodiscard]] SeqNum lowest() const { return x_lowest; }
  [[nodiscard]] const MissingRanges& missing() const { return x_missing; }

  /// The initial sequence number where a SYN+ACK tells it and the SYN wasn't captured.
  void infer_iss(SeqNum iss);

  void clear(MissingRangeSlab& slab) { x_missing.clear(slab); }

 private:
  void begin_at(const Segment& segment);
  Seen place(MissingRangeSlab& slab, SeqNum begin, SeqNum end);

  SeqNum x_iss;
  SeqNum x_snd_una;
  SeqNum x_snd_nxt;
  SeqNum x_lowest;
  MissingRanges x_missing;
  bool x_has_iss = false;
  bool x_has_sent = false;
  bool x_has_snd_una = false;
};

}  // namespace tapdeck
