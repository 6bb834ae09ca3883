#include "analyzer/anomalies/pace.h"

#include <algorithm>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// The shortest delayed ACK in wide use is Linux's, 40 ms less one tick of its clock.
constexpr std::int64_t shortest_delayed_ack_ns = 35'000'000;
/// RFC 1122 section 4.2.3.2: it must be less than half a second.
constexpr std::int64_t longest_delayed_ack_ns = 500'000'000;
/// What most systems keep to, and RFC 9293 section 3.8.6.3 with them.
constexpr std::int64_t usual_delayed_ack_ns = 200'000'000;
constexpr std::uint32_t usual_segment = 1'460;
/// RFC 9293 section 3.7.1: what every host takes over IPv4.
constexpr std::uint32_t least_segment = 536;
/// RFC 6298 section 2.4.
constexpr std::int64_t least_timeout_ns = 1'000'000'000;
/// What a host takes to send what it holds ready.
constexpr std::int64_t host_reaction_ns = 2'000'000;

void note_late(const SegmentFacts& facts, PaceWatch& pace, std::int64_t delay_ns) {
  if (pace.late_acks == 0) pace.first_late = facts.moment;
  pace.last_late = facts.moment;
  ++pace.late_acks;
  pace.longest_delay_ns = std::max(pace.longest_delay_ns, delay_ns);
}

/// The first ACK behind a restart shows how much the sender dared.
void note_first_flight(const SegmentFacts& facts, PaceWatch& pace, const Transfer& transfer) {
  constexpr std::uint32_t initial_window = 14'600;  // RFC 6928
  constexpr std::uint32_t much_more = 4;
  const SendSpace& sent = facts.sent_by(other(facts.from));
  const std::uint32_t flight = sent.snd_nxt().value - facts.result.acknowledged.before.value;
  if (pace.restart == PaceWatch::Restart::none) {
    pace.greatest_flight = std::max(pace.greatest_flight, flight);
    return;
  }
  if (pace.restart == PaceWatch::Restart::timeout) {
    const bool repaired = transfer.recovery.phase() == Recovery::Phase::open;
    if (repaired) pace.restart = PaceWatch::Restart::repaired;
    return;
  }
  const bool by_idle = pace.restart == PaceWatch::Restart::idle;
  pace.restart = PaceWatch::Restart::none;
  // More than one segment: otherwise there may have been no more to send.
  const std::uint32_t one = std::min<std::uint32_t>(transfer.largest_payload, usual_segment);
  const bool slow =
      flight > one && flight <= initial_window && pace.greatest_flight >= much_more * flight;
  if (!slow) return;
  PaceWatch::Slow& kept = pace.slow[by_idle ? 0 : 1];
  if (kept.count == 0) kept.first = facts.moment;
  kept.last = facts.moment;
  ++kept.count;
  kept.flight = flight;
  kept.flight_before = pace.greatest_flight;
  kept.idle_ns = std::max(kept.idle_ns, pace.idle_ns);
  pace.greatest_flight = flight;
}

/// The peer acknowledged what `pace` is of.
void note_advance(const SegmentFacts& facts, PaceWatch& pace) {
  const Side sender = other(facts.from);
  const Transfer* const transfer = facts.transfer(sender);
  if (transfer == nullptr || pace.segments == 0) return;
  const SendSpace& sent = facts.sent_by(sender);
  const std::uint32_t covered = sent.snd_una().value - facts.result.acknowledged.before.value;
  ++pace.acks;
  if (transfer->largest_payload != 0 && covered > 2U * transfer->largest_payload) {
    ++pace.stretched_acks;
    pace.largest_stretch = std::max(pace.largest_stretch, covered);
  }
  if (pace.largest_pending != 0 && at_or_before(pace.largest_end, sent.snd_una())) {
    pace.largest_delivered = std::max(pace.largest_delivered, pace.largest_pending);
    pace.largest_pending = 0;
  }
  note_first_flight(facts, pace, *transfer);
  const bool all = sent.snd_una() == sent.snd_nxt();
  // With one or two segments under way nothing but the receiver's timer makes its ACK late.
  const bool alone = all && pace.last_payload != 0 && covered <= 2U * transfer->largest_payload;
  const std::int64_t delay_ns =
      elapsed_ns(pace.last_data_ns, facts.moment.time_ns) - transfer->round_trip.least();
  const bool full =
      pace.last_payload >= std::max<std::uint32_t>(transfer->largest_payload, least_segment);
  // Later than that the sender would have sent again: rather the capture missed the ACK.
  const bool timely = delay_ns < least_timeout_ns;
  if (alone && full && timely && delay_ns > usual_delayed_ack_ns) {
    note_late(facts, pace, delay_ns);
  }
  const bool pure = facts.segment.seg_len() == 0;
  pace.released_ns = 0;
  const bool held_back = alone && covered == pace.last_payload;
  if (held_back && pure && delay_ns >= shortest_delayed_ack_ns &&
      delay_ns <= longest_delayed_ack_ns) {
    pace.released_ns = facts.moment.time_ns;
    pace.release_delay_ns = delay_ns;
  }
  pace.waiting = !all;
}

/// New data that came the moment an ACK allowed it was held back by Nagle's algorithm.
void note_release(const SegmentFacts& facts, PaceWatch& pace) {
  if (pace.released_ns == 0) return;
  ++pace.bursts;
  const Transfer* const to_sender = facts.transfer(other(facts.from));
  const std::int64_t waited = elapsed_ns(pace.released_ns, facts.moment.time_ns);
  pace.released_ns = 0;
  if (waited > to_sender->round_trip.least() * 5 / 4 + host_reaction_ns) return;
  if (pace.stalls == 0) pace.first_stall = facts.moment;
  pace.last_stall = facts.moment;
  ++pace.stalls;
  pace.stalled_ns += pace.release_delay_ns;
  pace.longest_stall_ns = std::max(pace.longest_stall_ns, pace.release_delay_ns);
}

/// RFC 5681 section 4.1: a sender that was idle for longer than its timer begins again.
void note_idle(const SegmentFacts& facts, PaceWatch& pace, const Transfer& transfer) {
  if (pace.waiting || pace.segments == 0) return;
  const std::int64_t idle_ns = elapsed_ns(pace.last_data_ns, facts.moment.time_ns);
  const std::int64_t timeout_ns =
      Recovery::timeout_ns(transfer.round_trip.smoothed(), transfer.round_trip.variation());
  if (idle_ns <= timeout_ns) return;
  pace.restart = PaceWatch::Restart::idle;
  pace.idle_ns = idle_ns;
}

void note_data(const SegmentFacts& facts, PaceWatch& pace) {
  const Transfer* const transfer = facts.transfer(facts.from);
  if (transfer == nullptr) return;
  const std::uint32_t payload = facts.segment.payload_octets;
  if (!facts.result.seen.advances) {
    if (transfer->recovery.phase() == Recovery::Phase::after_timeout) {
      pace.restart = PaceWatch::Restart::timeout;
    }
    pace.largest_pending = 0;
    pace.released_ns = 0;
    pace.last_data_ns = facts.moment.time_ns;
    return;
  }
  note_release(facts, pace);
  note_idle(facts, pace, *transfer);
  const SendSpace& sent = facts.sent_by(facts.from);
  const bool others_under_way =
      sent.has_snd_una() && precedes(sent.snd_una(), facts.segment.data_begin());
  ++pace.segments;
  if (others_under_way &&
      payload < std::max<std::uint32_t>(transfer->largest_payload, least_segment) / 4) {
    ++pace.small;
  }
  if (payload > pace.largest_delivered && pace.largest_pending == 0) {
    pace.largest_pending = payload;
    pace.largest_end = facts.segment.data_end();
  }
  pace.waiting = true;
  pace.last_data_ns = facts.moment.time_ns;
  pace.last_payload = payload;
}

}  // namespace

bool keep_pace(const SegmentFacts& facts) {
  PaceWatch& peers = facts.watch.of(other(facts.from)).pace;
  if (facts.result.acknowledged.advances) note_advance(facts, peers);
  bool odd = false;
  if (!facts.segment.options.has_timestamps) {
    const auto agreed = facts.connection.handshake().agreed();
    odd = agreed && agreed->timestamps;
  }
  const bool says_nothing_new =
      facts.segment.payload_octets == 0 && !facts.result.acknowledged.advances;
  if (!says_nothing_new) facts.watch.empty_run = 0;
  if (facts.segment.payload_octets == 0) return odd || says_nothing_new;
  peers.released_ns = 0;  // the peer answers: what comes next isn't the rest of a write
  note_data(facts, facts.watch.of(facts.from).pace);
  return odd;
}

}  // namespace tapdeck
