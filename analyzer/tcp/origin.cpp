#include "analyzer/tcp/origin.h"

#include "analyzer/tcp/ip_id_sequence.h"
#include "analyzer/tcp/timestamp_clock.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// What a sender does on an acknowledgment shows here one round trip after what drew it. The rest
/// allows for a least that lies above the truth: of the sender's half the handshake often is the
/// only measurement, and what it waits for isn't the way alone.
bool is_within_round_trip(std::int64_t elapsed, const PathView& path) {
  constexpr std::int64_t without_knowledge = 3'000'000;  // less than most ways between hosts take
  if (path.round_trip_ns == 0) return elapsed < without_knowledge;
  return elapsed < path.soonest_reaction_ns;
}

/// A SYN is sent again by its timer alone, and no timer is shorter than 200 ms.
bool is_too_soon_for_syn(const Segment& segment, std::int64_t elapsed) {
  constexpr std::int64_t shortest_timer = 200'000'000;
  return segment.has(TcpFlags::syn) && elapsed < shortest_timer;
}

/// A SYN's first timer runs a second (RFC 6298 §2.1), and what it sends looks like a copy.
bool may_be_of_syn_timer(const Segment& segment, std::int64_t elapsed) {
  constexpr std::int64_t first_timer = 900'000'000;
  return segment.has(TcpFlags::syn) && elapsed >= first_timer;
}

/// No segment lives longer (RFC 9293 §3.4.1).
constexpr std::int64_t maximum_segment_lifetime = 120'000'000'000;

bool has_same_range(const SentSegment& earlier, const Segment& segment) {
  return earlier.begin == segment.seg_seq && earlier.end == segment.seg_seq + segment.seg_len();
}

/// A clock that ticks a few times in each round trip shows whether the sender had time to react.
bool clock_resolves_round_trip(const PathView& path) {
  return path.round_trip_ns > 3 * path.tick_ns;
}

/// One ID doesn't tell how a host gives them: what contradicts it counts more.
bool is_ip_id_misleading(const SentSegment& earlier, const Segment& segment, std::int64_t elapsed) {
  const bool later_by_clock =
      segment.options.has_timestamps &&
      timestamp_distance(earlier.last_timestamp, segment.options.timestamp_value) > 0;
  return later_by_clock || may_be_of_syn_timer(segment, elapsed) ||
         elapsed > maximum_segment_lifetime;
}

OriginVerdict repeat_by_ip_id(const SentSegment& earlier, const SentSegment* above,
                              const Segment& segment, std::int64_t time_ns, const PathView& path) {
  if (segment.ip_id == 0 || earlier.last_ip_id == 0) return {};
  const bool misleading = is_ip_id_misleading(earlier, segment, wait_ns(earlier.last_ns, time_ns));
  const bool same = segment.ip_id == earlier.last_ip_id || segment.ip_id == earlier.first_ip_id;
  // A few systems keep the ID of what they send again (RFC 1122 §3.2.1.5 lets them).
  if (same && path.unanswered_timeout) return {};
  if (same && has_same_range(earlier, segment) && !misleading) {
    return {Origin::duplicate, OriginReason::same_ip_id, Confidence::high};
  }
  if (!path.ip_ids_count_up || same) return {};
  if (ip_id_distance(earlier.last_ip_id, segment.ip_id) > 0) {
    return {Origin::retransmission, OriginReason::later_ip_id, Confidence::high};
  }
  const bool behind_above = above != nullptr && above->first_ip_id != 0 &&
                            ip_id_distance(above->first_ip_id, segment.ip_id) > 0;
  if (misleading) return {};
  if (ip_id_distance(earlier.first_ip_id, segment.ip_id) < 0 && !behind_above) {
    return {Origin::out_of_order, OriginReason::earlier_ip_id, Confidence::high};
  }
  return {Origin::retransmission, OriginReason::later_ip_id, Confidence::medium};
}

/// As good as a copy: what a sender sends again within one tick can't be told from it.
OriginVerdict identical_by_time(const SentSegment& earlier, const Segment& segment,
                                std::int64_t time_ns, const PathView& path) {
  const std::int64_t elapsed = wait_ns(earlier.last_ns, time_ns);
  // What came late had been asked for, and may be the answer to that.
  const bool asked_for = earlier.transmissions == 1 && earlier.first_ns < earlier.last_ns &&
                         !is_within_round_trip(wait_ns(earlier.first_ns, time_ns), path);
  if ((is_within_round_trip(elapsed, path) && !asked_for) ||
      is_too_soon_for_syn(segment, elapsed)) {
    return {Origin::duplicate, OriginReason::within_round_trip, Confidence::medium};
  }
  if (path.at_sender) {
    return {Origin::retransmission, OriginReason::sent_at_this_side, Confidence::high};
  }
  if (path.had_reason_to_repeat || asked_for || may_be_of_syn_timer(segment, elapsed) ||
      elapsed > maximum_segment_lifetime) {
    return {Origin::retransmission, OriginReason::beyond_round_trip, Confidence::low};
  }
  return {Origin::duplicate, OriginReason::identical_header, Confidence::low};
}

OriginVerdict repeat_by_timestamp(const SentSegment& earlier, const SentSegment* above,
                                  const Segment& segment, std::int64_t time_ns,
                                  const PathView& path) {
  const std::uint32_t value = segment.options.timestamp_value;
  if (timestamp_distance(earlier.last_timestamp, value) > 0) {
    return {Origin::retransmission, OriginReason::later_timestamp, Confidence::high};
  }
  const bool behind_above =
      above != nullptr && timestamp_distance(above->first_timestamp, value) > 0;
  if (timestamp_distance(earlier.first_timestamp, value) < 0) {
    if (behind_above) {
      return {Origin::retransmission, OriginReason::later_timestamp, Confidence::high};
    }
    return {Origin::out_of_order, OriginReason::earlier_timestamp, Confidence::high};
  }
  if (segment.fingerprint() != earlier.fingerprint) {
    return {Origin::retransmission, OriginReason::within_seen, Confidence::medium};
  }
  const std::int64_t elapsed = wait_ns(earlier.last_ns, time_ns);
  if (elapsed > 2 * path.tick_ns) {
    return {Origin::duplicate, OriginReason::same_timestamp,
            clock_resolves_round_trip(path) ? Confidence::high : Confidence::medium};
  }
  return identical_by_time(earlier, segment, time_ns, path);
}

/// A timer fired between what passed at `seen_ns` and the sending of the segment.
bool is_behind_timer(std::int64_t seen_ns, const PathView& path) {
  return path.label == FlowLabel::Age::renewed ||
         (path.label == FlowLabel::Age::current && wait_ns(seen_ns, path.label_since_ns) > 0);
}

OriginVerdict repeat_by_flow_label(const SentSegment& earlier, const PathView& path) {
  if (is_behind_timer(earlier.last_ns, path)) {
    return {Origin::retransmission, OriginReason::renewed_flow_label, Confidence::high};
  }
  if (path.label != FlowLabel::Age::former || earlier.last_ns < path.label_since_ns) return {};
  const bool seen_before_timer = earlier.first_ns < path.label_since_ns;
  return {seen_before_timer ? Origin::duplicate : Origin::out_of_order,
          OriginReason::former_flow_label, Confidence::medium};
}

}  // namespace

OriginVerdict tell_repeat(const SentSegment& earlier, const SentSegment* above,
                          const Segment& segment, std::int64_t time_ns, const PathView& path) {
  const OriginVerdict by_ip_id = repeat_by_ip_id(earlier, above, segment, time_ns, path);
  if (by_ip_id.reason != OriginReason::none) return by_ip_id;
  const OriginVerdict by_flow_label = repeat_by_flow_label(earlier, path);
  if (by_flow_label.reason != OriginReason::none) return by_flow_label;
  const bool another_packet =
      segment.ip_id != 0 && earlier.last_ip_id != 0 && segment.ip_id != earlier.last_ip_id;
  if (!has_same_range(earlier, segment) || another_packet) {
    return {Origin::retransmission, OriginReason::within_seen, Confidence::medium};
  }
  if (segment.options.has_timestamps) {
    return repeat_by_timestamp(earlier, above, segment, time_ns, path);
  }
  if (segment.fingerprint() != earlier.fingerprint) {
    return {Origin::retransmission, OriginReason::within_seen, Confidence::medium};
  }
  return identical_by_time(earlier, segment, time_ns, path);
}

OriginVerdict tell_gap_filler(const GapOpener& opener, const Segment& segment, std::int64_t time_ns,
                              const PathView& path) {
  if (time_ns < opener.time_ns) {  // the capture's own order is wrong
    return {Origin::out_of_order, OriginReason::within_round_trip, Confidence::high};
  }
  const bool comparable = !opener.by_ack;
  if (comparable && path.ip_ids_count_up && segment.ip_id != 0 && opener.ip_id != 0 &&
      segment.ip_id != opener.ip_id) {
    return ip_id_distance(opener.ip_id, segment.ip_id) < 0
               ? OriginVerdict{Origin::out_of_order, OriginReason::earlier_ip_id, Confidence::high}
               : OriginVerdict{Origin::retransmission, OriginReason::later_ip_id, Confidence::high};
  }
  if (is_behind_timer(opener.time_ns, path)) {
    return {Origin::retransmission, OriginReason::renewed_flow_label, Confidence::high};
  }
  if (comparable && segment.options.has_timestamps) {
    const std::int32_t ticks =
        timestamp_distance(opener.timestamp, segment.options.timestamp_value);
    if (ticks > 0) {
      return {Origin::retransmission, OriginReason::later_timestamp, Confidence::high};
    }
    if (ticks < 0) {
      return {Origin::out_of_order, OriginReason::earlier_timestamp, Confidence::high};
    }
    if (clock_resolves_round_trip(path)) {
      return {Origin::out_of_order, OriginReason::same_timestamp, Confidence::medium};
    }
  }
  if (comparable && path.label == FlowLabel::Age::former && opener.time_ns >= path.label_since_ns) {
    return {Origin::out_of_order, OriginReason::former_flow_label, Confidence::medium};
  }
  if (path.at_sender) {
    return {Origin::retransmission, OriginReason::sent_at_this_side, Confidence::medium};
  }
  const std::int64_t elapsed = wait_ns(opener.time_ns, time_ns);
  if (is_within_round_trip(elapsed, path)) {
    return {Origin::out_of_order, OriginReason::within_round_trip, Confidence::medium};
  }
  return {Origin::retransmission, OriginReason::beyond_round_trip, Confidence::low};
}

}  // namespace tapdeck
