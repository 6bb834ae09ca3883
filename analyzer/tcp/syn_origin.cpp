#include "analyzer/tcp/syn_origin.h"

#include <cstdint>

#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/timestamp_clock.h"
#include "captures/elapsed.h"

namespace tapdeck {

bool is_late_syn(const Segment& segment, bool reopened) {
  const LateSign sign = segment.opening.late;
  return segment.is_syn() &&
         (sign == LateSign::initial_number || (sign == LateSign::later_ports && !reopened));
}

OriginVerdict tell_first_syn(const Hearing& hearing, bool reopened) {
  const Segment& segment = hearing.at_hand.segment;
  if (is_late_syn(segment, reopened)) {
    const bool by_ports = segment.opening.late == LateSign::later_ports;
    return {Origin::retransmission,
            by_ports ? OriginReason::behind_later_ports : OriginReason::old_initial_number,
            Confidence::medium};
  }
  const SentSegments& answered = hearing.peers.sent;
  if (!segment.is_syn_ack() || !segment.options.has_timestamps || answered.empty()) return {};
  const SentSegment& syn = answered[0];
  const std::uint32_t echo = segment.options.timestamp_echo_reply;
  const std::int64_t since_last = wait_ns(syn.last_ns, hearing.at_hand.moment.time_ns);
  if (since_last < shortest_way_ns) return {};  // they crossed
  if (syn.transmissions < 2 || timestamp_distance(echo, syn.last_timestamp) <= 0) return {};
  return {Origin::retransmission, OriginReason::answers_earlier_syn, Confidence::medium};
}

bool answers_another_syn(const Hearing& hearing, const SentSegment& earlier) {
  const SentSegments& answered = hearing.peers.sent;
  if (!hearing.at_hand.segment.is_syn_ack() || answered.empty()) return false;
  const SentSegment& syn = answered[0];
  const std::uint32_t syns = std::uint32_t{syn.transmissions} + syn.copies;
  return syns > std::uint32_t{earlier.transmissions} + earlier.copies ||
         (syn.transmissions > 1 && wait_ns(earlier.last_ns, syn.last_ns) > 0);
}

}  // namespace tapdeck
