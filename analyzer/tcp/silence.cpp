#include "analyzer/tcp/silence.h"

#include <algorithm>

#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/timestamp_clock.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// A tail loss probe's, two ticks of 1 ms.
constexpr std::int64_t shortest_probe = 2'000'000;

/// By the sender's own clock, however late its segments came, where IP IDs tell what is missing.
/// The first of its ticks may be cut.
std::int64_t silence_by_clock(const Hearing& hearing) {
  const TcpOptions& options = hearing.at_hand.segment.options;
  const TimestampClock& clock = hearing.own.clock;
  if (!options.has_timestamps || !clock.known() || !hearing.own.ip_ids.counts_up()) return 0;
  const std::int32_t ticks = timestamp_distance(clock.latest(), options.timestamp_value);
  return ticks > 1 ? (ticks - 1) * clock.tick_ns() : 0;
}

}  // namespace

Pause pause_before(const Hearing& hearing, const PathView& path) {
  const Recovery& recovery = hearing.own.recovery;
  const std::int64_t now = hearing.at_hand.moment.time_ns;
  const std::int64_t by_clock = silence_by_clock(hearing);
  Pause pause;
  pause.length = std::max(wait_ns(recovery.last_sent_ns(), now), by_clock);
  pause.of_packets = std::max(wait_ns(hearing.own.ip_ids.highest_ns(), now), by_clock);
  // Where nothing is being repaired, nothing but a timer sends again: two round trips at least.
  pause.repairing = recovery.phase() != Recovery::Phase::open || !hearing.own.sacked.empty();
  pause.shortest = path.round_trip_ns == 0 ? Recovery::shortest_timer_ns
                   : pause.repairing       ? path.round_trip_ns * 7 / 10
                                           : std::max(path.round_trip_ns * 7 / 4, shortest_probe);
  pause.since_ack = pause.repairing ? pause.length : wait_ns(recovery.last_ack_ns(), now);
  pause.crossed = pause.since_ack < hearing.peers.round_trip.least() / 2 ||
                  (hearing.own.ip_ids.counts_up() && !has_heard_last_ack(hearing));
  const Drawn drawn = drawn_by(hearing);
  pause.drawn_lately = !pause.repairing && drawn.by_last_copy && drawn.since_ns < pause.shortest;
  constexpr std::int64_t shortest_delayed_ack = 40'000'000;
  pause.by_fin_alone = drawn.by_fin_alone && drawn.since_ns < shortest_delayed_ack;
  return pause;
}

bool has_heard_last_ack(const Hearing& hearing) {
  const TcpOptions& options = hearing.at_hand.segment.options;
  const TimestampClock& clock = hearing.peers.clock;
  const SendSpace& peer = hearing.at_hand.peer_space();
  if (!options.has_timestamps || !clock.known() || !peer.has_snd_una()) return true;
  if (precedes(peer.snd_una(), peer.snd_nxt())) return true;
  if (wait_ns(hearing.own.recovery.last_ack_ns(), clock.latest_ns()) > 0) return true;
  return timestamp_distance(options.timestamp_echo_reply, clock.latest()) <= 0;
}

Drawn drawn_by(const Hearing& hearing) {
  const Segment& segment = hearing.at_hand.segment;
  const SendSpace& peer = hearing.at_hand.peer_space();
  const SentSegments& sent = hearing.peers.sent;
  Drawn drawn;
  if (!segment.has(TcpFlags::ack) || !peer.has_snd_una()) return drawn;
  const SentSegment* newest = nullptr;
  for (std::size_t place = sent.find_ending_after(segment.seg_ack);
       place-- != 0 && precedes(peer.snd_una(), sent[place].end);) {
    if (newest == nullptr || wait_ns(newest->last_ns, sent[place].last_ns) > 0) {
      newest = &sent[place];
    }
  }
  if (newest == nullptr) return drawn;
  const std::int64_t way = hearing.peers.round_trip.least();
  const std::int64_t since = wait_ns(newest->last_ns, hearing.at_hand.moment.time_ns) - way;
  drawn.since_ns = std::max<std::int64_t>(since, 0);
  drawn.by_fin_alone = segment.seg_ack == peer.snd_una() + 1 &&
                       hearing.at_hand.states.of(other(hearing.at_hand.from)).sent_fin;
  if (newest->transmissions == 1) return drawn;
  const bool echoed = segment.options.has_timestamps &&
                      newest->first_timestamp != newest->last_timestamp &&
                      segment.options.timestamp_echo_reply == newest->last_timestamp;
  // The last copy can't have come there yet.
  if (!echoed && since < soonest_answer_ns(hearing.peers.round_trip) - way) {
    drawn.since_ns = wait_ns(newest->first_ns, hearing.at_hand.moment.time_ns) - way;
    return drawn;
  }
  if (segment.options.has_timestamps) {
    const std::int32_t ticks =
        timestamp_distance(segment.options.timestamp_echo_reply, newest->last_timestamp);
    if (ticks > 0) drawn.since_ns += ticks * hearing.peers.clock.tick_ns();
  } else {
    constexpr std::int64_t at_once = 1'000'000;
    drawn.by_last_copy = drawn.since_ns <= std::max(at_once, way / 8);
  }
  return drawn;
}

std::int64_t timeout_of(const Hearing& hearing) {
  const RoundTrip& far = hearing.own.round_trip;
  const std::int64_t round_trip = far.smoothed() + hearing.peers.round_trip.least();
  return Recovery::timeout_ns(std::max<std::int64_t>(round_trip, 1), far.variation());
}

bool is_timed(const Hearing& hearing) {
  const std::int64_t timeout = timeout_of(hearing);
  constexpr std::int64_t after_lost_syn = 3'000'000'000;  // RFC 6298 §5.7
  const SendSpace& own = hearing.at_hand.own_space();
  const SentSegment& first = hearing.own.sent[0];
  const bool lost_syn =
      own.has_iss() && first.begin == own.iss() && (first.transmissions > 1 || first.first_unseen);
  const std::int64_t longest = 2 * (lost_syn ? std::max(timeout, after_lost_syn) : timeout);
  const auto is_its_length = [&](std::int64_t silence) {
    return silence >= std::max(Recovery::shortest_timer_ns, timeout * 9 / 10) && silence <= longest;
  };
  const Drawn drawn = drawn_by(hearing);
  if (is_its_length(drawn.since_ns)) return true;
  const bool by_data = drawn.since_ns != INT64_MAX && !drawn.by_fin_alone;
  const std::int64_t now = hearing.at_hand.moment.time_ns;
  return !by_data && is_its_length(wait_ns(hearing.own.ip_ids.highest_ns(), now));
}

bool shows_timer(const Hearing& hearing) {
  const std::uint32_t label = hearing.at_hand.segment.flow_label;
  const std::int64_t peers_repeat = hearing.peers.recovery.last_repeat_ns();
  return hearing.own.flow_label.age_of(label) == FlowLabel::Age::renewed &&
         (peers_repeat == 0 || wait_ns(peers_repeat, hearing.own.recovery.last_sent_ns()) >= 0);
}

}  // namespace tapdeck
