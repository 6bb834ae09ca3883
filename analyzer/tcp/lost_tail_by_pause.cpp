#include "analyzer/tcp/lost_tail_by_pause.h"

#include <algorithm>
#include <cstdint>

#include "analyzer/tcp/silence.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// Queues explain what is shorter.
constexpr std::int64_t clear_pause = 10'000'000;

struct LeastAndUsual {
  std::int64_t least;
  std::int64_t usual;
};

/// The sender's, both halves.
LeastAndUsual sender_round_trip_ns(const RoundTrip& far, const RoundTrip& near) {
  const std::int64_t least = far.least() + near.least();
  return {least, std::clamp(far.smoothed() + near.smoothed(), least, least * 3 / 2)};
}

/// Systems round a timer up to a tick, of 4 ms with most, and let it be late by an eighth.
bool is_run_out(std::int64_t waited, std::int64_t shortest, std::int64_t longest) {
  constexpr std::int64_t usual_tick = 4'000'000;
  return waited >= shortest && waited <= (longest + usual_tick) * 9 / 8;
}

std::uint32_t whole_milliseconds(std::int64_t ns) {
  return static_cast<std::uint32_t>(ns / 1'000'000);
}

void note_timed_pause(Transfer& own) {
  if (own.timed_pauses != 255) ++own.timed_pauses;
}

/// Who pauses often, or has paused for nearly as long before, takes its time.
bool pauses_rarely(const Transfer& own, std::int64_t waited) {
  return own.timed_pauses * 4U <= own.round_trip.samples() &&
         own.longest_pause_ms < whole_milliseconds(waited) / 2;
}

/// Since the sender's last word, or since it heard its peer's last one. A repeat of the peer's that
/// can't have come to it yet is none.
std::int64_t waited_ns(const Hearing& hearing) {
  const Recovery& own = hearing.own.recovery;
  const Recovery& peers = hearing.peers.recovery;
  const std::int64_t now = hearing.at_hand.moment.time_ns;
  const std::int64_t since_own = wait_ns(std::max(own.last_sent_ns(), peers.last_ack_ns()), now);
  const std::int64_t way = hearing.peers.round_trip.least();
  const Drawn drawn = drawn_by(hearing);
  const bool crossed = drawn.since_ns != INT64_MAX && wait_ns(peers.last_sent_ns(), now) - way < 0;
  const std::int64_t since_peers =
      crossed ? drawn.since_ns
              : wait_ns(std::max(own.last_ack_ns(), peers.last_sent_ns()), now) - way;
  return std::max<std::int64_t>(std::min(since_own, since_peers), 0);
}

/// The timer of a lone segment allows for a delayed ACK, and so runs as long whether it probes or
/// gives the segment up (RFC 8985 §7.2). At first it allows for half a round trip's variation, four
/// times (RFC 6298 §2.2): Linux takes of that a quarter back in each round trip, however many
/// samples it has of it.
bool is_time_of_timer(const Hearing& hearing, std::int64_t waited) {
  constexpr std::uint32_t few = 4;
  const RoundTrip& far = hearing.own.round_trip;
  const RoundTrip& near = hearing.peers.round_trip;
  if (!far.known() || !near.known()) return false;
  const auto [least, usual] = sender_round_trip_ns(far, near);
  const std::int64_t variation = std::min(far.variation() + near.variation(), usual / 2);
  const bool young = hearing.at_hand.own_space().has_iss() && far.samples() <= few;
  return is_run_out(waited, Recovery::timeout_ns(least, 0),
                    Recovery::timeout_ns(usual, variation)) ||
         (young && is_run_out(waited, Recovery::timeout_ns(least, least / 2),
                              Recovery::timeout_ns(usual, usual / 2)));
}

/// Of several segments the last is sent again after two round trips, where SACK will tell what of
/// the others is missing (RFC 8985 §7.2).
bool is_time_of_probe(const Hearing& hearing, std::int64_t waited) {
  const RoundTrip& far = hearing.own.round_trip;
  const RoundTrip& near = hearing.peers.round_trip;
  const auto agreed = hearing.at_hand.handshake.agreed();
  if (!far.known() || !near.known() || !agreed || !agreed->sack) return false;
  const auto [least, usual] = sender_round_trip_ns(far, near);
  return is_run_out(waited, std::max(2 * least, clear_pause), 2 * usual);
}

/// Behind a timeout whoever has more to send begins with what it never sent (RFC 5682 §2.1): what
/// follows the repeat at once was lost with it, as far as the peer's window reached and a flight
/// could grow from the last one.
void expect_rest_of_flight(Hearing& hearing) {
  Transfer& own = hearing.own;
  const Segment& segment = hearing.at_hand.segment;
  if (segment.payload_octets != own.largest_payload || segment.ends_write()) return;
  if (!own.window.known || !own.window.scaled) return;
  const std::int32_t room = own.window.right_edge - hearing.judged.end;
  const std::uint32_t fit = room <= 0 ? 0 : static_cast<std::uint32_t>(room) / own.largest_payload;
  const std::int64_t round_trip = path_of(hearing).round_trip_ns;
  std::uint32_t flight = 0;
  for (std::size_t at = own.sent.size(); at-- > 0 && 2 * flight < fit; ++flight) {
    if (wait_ns(own.sent[at].first_ns, own.sent.last().first_ns) > round_trip) break;
  }
  own.lost_at_top = std::min(2 * flight, fit);
}

}  // namespace

OriginVerdict tell_by_pause(Hearing& hearing, const SendSpace::Seen& seen, const PathView& path) {
  Transfer& own = hearing.own;
  const Segment& segment = hearing.at_hand.segment;
  const SendSpace& space = hearing.at_hand.own_space();
  const SentSegment& last = own.sent.last();
  const bool nothing_outstanding = space.has_snd_una() && space.snd_una() == last.end;
  // A timer fired, and not for what was outstanding before: that was acknowledged too soon.
  if (shows_timer(hearing) && seen.placement == Placement::in_order && nothing_outstanding &&
      wait_ns(last.last_ns, own.recovery.last_ack_ns()) < Recovery::shortest_timer_ns) {
    expect_rest_of_flight(hearing);
    return {Origin::retransmission, OriginReason::renewed_flow_label, Confidence::medium};
  }
  if (path.round_trip_ns == 0 || !nothing_outstanding || own.window.closed() ||
      !has_heard_last_ack(hearing)) {
    return {};
  }
  const std::int64_t waited = waited_ns(hearing);
  const bool above_gap = seen.placement == Placement::gap_before;
  const bool timed =
      above_gap ? is_time_of_probe(hearing, waited) : is_time_of_timer(hearing, waited);
  // The middle of a write is as long as segments get; many programs never push.
  const bool mid_write = last.end - last.begin == own.largest_payload && !last.pushed;
  const auto is_probe = [&] {
    return own.has_pushed && is_time_of_probe(hearing, waited) && pauses_rarely(own, waited);
  };
  if (!above_gap && mid_write && (timed || is_probe())) {
    if (timed) {
      expect_rest_of_flight(hearing);
    } else {
      note_timed_pause(own);
    }
    return {Origin::retransmission, OriginReason::pause_without_push, Confidence::low};
  }
  // The last of a flight is what a timer sends alone.
  if (timed && segment.ends_write() && pauses_rarely(own, waited)) {
    note_timed_pause(own);
    return {Origin::retransmission, OriginReason::pause_of_timer, Confidence::low};
  }
  own.longest_pause_ms = std::max(own.longest_pause_ms, whole_milliseconds(waited));
  return {};
}

}  // namespace tapdeck
