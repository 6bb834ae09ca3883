#include "analyzer/anomalies/pace.h"

#include <algorithm>

#include "analyzer/anomalies/thresholds.h"
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
/// What a host takes to send what it holds ready.
constexpr std::int64_t host_reaction_ns = 2'000'000;
constexpr std::uint32_t initial_window = 14'600;  // RFC 6928
/// A sender that has begun again has at most a quarter under way of what it had.
constexpr std::uint32_t much_more = 4;

/// With no more than that there may have been no more to send.
std::uint32_t one_segment(const Transfer& transfer) {
  return std::min<std::uint32_t>(transfer.largest_payload, usual_segment);
}

void note_late(const SegmentFacts& facts, LateWatch& late, std::int64_t delay_ns) {
  if (late.count == 0) late.first = facts.moment;
  late.last = facts.moment;
  ++late.count;
  late.longest_delay_ns = std::max(late.longest_delay_ns, delay_ns);
}

/// How much `sender` had under way at most, since it last began again.
std::uint32_t greatest_flight(const SegmentFacts& facts, Side sender, const Transfer& transfer) {
  return facts.watch->of(sender).began_again ? facts.watch.of<RestartWatch>(sender).greatest_flight
                                             : transfer.flight.greatest_flight;
}

/// The first ACK behind a restart shows how much the sender dared.
void note_first_flight(const SegmentFacts& facts, SideWatch& pace, const Transfer& transfer) {
  const Side sender = other(facts.from);
  if (pace.restart == SideWatch::Restart::none && !pace.began_again) return;
  auto& kept = facts.watch.keep<RestartWatch>(sender);
  const std::uint32_t flight =
      facts.sent_by(sender).snd_nxt().value - facts.result.acknowledged.before.value;
  if (pace.restart == SideWatch::Restart::none) {
    kept.greatest_flight = std::max(kept.greatest_flight, flight);
    return;
  }
  if (pace.restart == SideWatch::Restart::timeout) {
    const bool repaired = transfer.recovery.phase() == Recovery::Phase::open;
    if (repaired) pace.restart = SideWatch::Restart::repaired;
    return;
  }
  const bool by_idle = pace.restart == SideWatch::Restart::idle;
  pace.restart = SideWatch::Restart::none;
  const std::uint32_t before = greatest_flight(facts, sender, transfer);
  const bool slow =
      flight > one_segment(transfer) && flight <= initial_window && before >= much_more * flight;
  if (!slow) return;
  RestartWatch::Slow& slowly = kept.slow[by_idle ? 0 : 1];
  if (slowly.count == 0) slowly.first = facts.moment;
  slowly.last = facts.moment;
  ++slowly.count;
  slowly.flight = flight;
  slowly.flight_before = before;
  slowly.idle_ns = std::max(slowly.idle_ns, kept.idle_ns);
  kept.greatest_flight = flight;
  pace.began_again = true;
}

/// One or two segments were under way, and now none is: nothing but the receiver's timer makes such
/// an ACK late.
void note_delay(const SegmentFacts& facts, SideWatch& pace, const Transfer& transfer,
                std::uint32_t covered) {
  const Side sender = other(facts.from);
  const std::int64_t delay_ns =
      wait_ns(pace.last_data_ns, facts.moment.time_ns) - transfer.round_trip.least();
  if (delay_ns < shortest_delayed_ack_ns) return;
  const bool full =
      pace.last_payload >= std::max<std::uint32_t>(transfer.largest_payload, least_segment);
  // Later than that the sender would have sent again: rather the capture missed the ACK.
  const bool timely = delay_ns < least_timeout_ns;
  if (full && timely && delay_ns > usual_delayed_ack_ns) {
    note_late(facts, facts.watch.keep<LateWatch>(sender), delay_ns);
  }
  const bool pure = facts.segment.seg_len() == 0;
  if (!pure || covered != pace.last_payload || delay_ns > longest_delayed_ack_ns) return;
  auto& stall = facts.watch.keep<StallWatch>(sender);
  pace.released = true;
  stall.released_ns = facts.moment.time_ns;
  stall.release_delay_ns = delay_ns;
}

/// The peer acknowledged what `pace` is of.
void note_advance(const SegmentFacts& facts, SideWatch& pace) {
  const Side sender = other(facts.from);
  const Transfer* const transfer = facts.transfer(sender);
  if (transfer == nullptr || pace.segments == 0) return;
  const SendSpace& sent = facts.sent_by(sender);
  const std::uint32_t covered = sent.snd_una().value - facts.result.acknowledged.before.value;
  const std::uint32_t two_segments = 2U * transfer->largest_payload;
  ++pace.acks;
  if (covered > two_segments && two_segments != 0) {
    auto& late = facts.watch.keep<LateWatch>(sender);
    ++late.stretched;
    late.largest_stretch = std::max(late.largest_stretch, covered);
  }
  if (pace.largest_pending != 0 && at_or_before(pace.largest_end, sent.snd_una())) {
    pace.largest_delivered = std::max(pace.largest_delivered, pace.largest_pending);
    pace.largest_pending = 0;
  }
  note_first_flight(facts, pace, *transfer);
  const bool all = sent.snd_una() == sent.snd_nxt();
  pace.waiting = !all;
  pace.released = false;
  const bool alone = all && pace.last_payload != 0 && covered <= two_segments;
  if (alone) note_delay(facts, pace, *transfer, covered);
}

/// New data that came the moment an ACK allowed it was held back by Nagle's algorithm.
void note_release(const SegmentFacts& facts, SideWatch& pace) {
  if (!pace.released) return;
  pace.released = false;
  auto& stall = facts.watch.keep<StallWatch>(facts.from);
  ++stall.bursts;
  const Transfer* const to_sender = facts.transfer(other(facts.from));
  const std::int64_t waited = elapsed_ns(stall.released_ns, facts.moment.time_ns);
  if (waited > to_sender->round_trip.least() * 5 / 4 + host_reaction_ns) return;
  if (stall.stalls == 0) stall.first = facts.moment;
  stall.last = facts.moment;
  ++stall.stalls;
  stall.stalled_ns += stall.release_delay_ns;
  stall.longest_ns = std::max(stall.longest_ns, stall.release_delay_ns);
}

/// RFC 5681 section 4.1: a sender that was idle for longer than its timer begins again.
void note_idle(const SegmentFacts& facts, SideWatch& pace, const Transfer& transfer) {
  if (pace.waiting || pace.segments == 0) return;
  const std::int64_t idle_ns = elapsed_ns(pace.last_data_ns, facts.moment.time_ns);
  const std::int64_t timeout_ns =
      Recovery::timeout_ns(transfer.round_trip.smoothed(), transfer.round_trip.variation());
  if (idle_ns <= timeout_ns) return;
  pace.restart = SideWatch::Restart::none;
  // Who never had more under way can't show that it begins with less.
  if (greatest_flight(facts, facts.from, transfer) <= much_more * one_segment(transfer)) return;
  pace.restart = SideWatch::Restart::idle;
  facts.watch.keep<RestartWatch>(facts.from).idle_ns = idle_ns;
}

void note_data(const SegmentFacts& facts, SideWatch& pace) {
  const Transfer* const transfer = facts.transfer(facts.from);
  if (transfer == nullptr) return;
  if (!facts.result.seen.advances) {
    if (transfer->recovery.phase() == Recovery::Phase::after_timeout) {
      pace.restart = SideWatch::Restart::timeout;
    }
    pace.largest_pending = 0;
    pace.released = false;
    pace.last_data_ns = facts.moment.time_ns;
    return;
  }
  note_release(facts, pace);
  note_idle(facts, pace, *transfer);
  const SendSpace& sent = facts.sent_by(facts.from);
  const auto payload = static_cast<std::uint16_t>(std::min(facts.segment.payload_octets, 65'535U));
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

void keep_pace(const SegmentFacts& facts) {
  SideWatch& peers = facts.watch->of(other(facts.from));
  if (facts.result.acknowledged.advances) note_advance(facts, peers);
  if (facts.segment.payload_octets == 0) return;
  peers.released = false;  // the peer answers: what comes next isn't the rest of a write
  note_data(facts, facts.watch->of(facts.from));
}

}  // namespace tapdeck
