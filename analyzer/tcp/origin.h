// What a segment out of sequence is: sent again, overtaken on the way, or copied. The evidence,
// strongest first: IP IDs that count up, the flow label, the sender's clock, the side of the
// capture point, and time against the round trip. Pure functions of that evidence.
#pragma once

#include <cstdint>

#include "analyzer/tcp/flow_label.h"
#include "analyzer/tcp/missing_ranges.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/sent_segments.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

/// What is known of the sender and of the way when the segment came.
struct PathView {
  bool at_sender = false;  // nothing overtakes before this point
  bool ip_ids_count_up = false;
  std::int64_t round_trip_ns = 0;  // the least seen from here to both ends and back; 0: unknown
  std::int64_t soonest_reaction_ns = 0;  // of a sender to what passed here, if that is known
  std::int64_t tick_ns = 1'000'000;      // of the sender's timestamps
  bool unanswered_timeout = false;       // not acknowledged, and a retransmission timer's time ago
  bool had_reason_to_repeat = false;  // SACK, duplicate ACKs or silence would make a sender repeat
  FlowLabel::Age label{};             // of the segment's flow label
  std::int64_t label_since_ns = 0;    // when the sender's current label came first
};

struct OriginVerdict {
  Origin origin{};
  OriginReason reason{};
  Confidence confidence{};

  friend bool operator==(const OriginVerdict&, const OriginVerdict&) = default;
};

/// The segment's bytes were all seen before; `earlier` is the record of its first byte, `above` of
/// what was sent for the first time right behind it, if that is known.
[[nodiscard]] OriginVerdict tell_repeat(const SentSegment& earlier, const SentSegment* above,
                                        const Segment& segment, std::int64_t time_ns,
                                        const PathView& path);

/// The segment brings bytes of a gap.
[[nodiscard]] OriginVerdict tell_gap_filler(const GapOpener& opener, const Segment& segment,
                                            std::int64_t time_ns, const PathView& path);

}  // namespace tapdeck
