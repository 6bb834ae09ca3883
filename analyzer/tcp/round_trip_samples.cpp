#include "analyzer/tcp/round_trip_samples.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "analyzer/tcp/timestamp_clock.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// The echo of the latest value bounds the least round trip; while nothing else is known, that of
/// an earlier one does too, by the ticks between them, unless a timer may have sent it again.
void note_echo(const Case& at_hand, Transfer& peers) {
  const std::uint32_t echo = at_hand.segment.options.timestamp_echo_reply;
  const std::int32_t behind = timestamp_distance(echo, peers.clock.latest());
  if (behind < 0) return;
  const std::int64_t bound =
      wait_ns(peers.clock.latest_ns(), at_hand.moment.time_ns) + behind * peers.clock.tick_ns();
  if (behind > 0 && bound >= Recovery::shortest_timer_ns) return;
  peers.echo_taken = behind == 0;
  peers.round_trip.note_at_most(bound);
}

/// The answer to a SYN names the copy that its sender times.
void note_timed_syn(const TcpOptions& options, Transfer& peers) {
  if (!options.has_timestamps || peers.sent.empty()) return;
  constexpr std::int64_t millisecond = 1'000'000;
  const std::int64_t ticks =
      timestamp_distance(options.timestamp_echo_reply, peers.sent[0].last_timestamp);
  peers.syn_timed_ms = static_cast<std::uint16_t>(std::clamp<std::int64_t>(
      ticks * peers.clock.tick_ns() / millisecond, 0, std::numeric_limits<std::uint16_t>::max()));
}

}  // namespace

void measure_round_trip(const Case& at_hand, Transfer& peers,
                        const SendSpace::Acknowledged& acknowledged) {
  const TcpOptions& options = at_hand.segment.options;
  if (options.has_timestamps && peers.clock.known() && !peers.echo_taken &&
      (options.timestamp_echo_reply == peers.clock.latest() || !peers.round_trip.known())) {
    note_echo(at_hand, peers);
  }
  if (acknowledged.advances && acknowledged.before == at_hand.peer_space().iss()) {
    note_timed_syn(options, peers);
  }
  const bool plain = acknowledged.advances && peers.sacked.empty() &&
                     peers.recovery.phase() == Recovery::Phase::open;
  if (!plain || peers.sent.empty()) return;
  const std::size_t place = peers.sent.find_ending_after(at_hand.segment.seg_ack);
  if (place == 0) return;
  const SentSegment& newest = peers.sent[place - 1];
  if (acknowledged.beyond_sent || newest.transmissions > 1 || newest.first_unseen ||
      at_or_before(newest.end, acknowledged.before)) {
    return;
  }
  peers.round_trip.add(at_hand.slabs.round_trips, wait_ns(newest.last_ns, at_hand.moment.time_ns));
}

}  // namespace tapdeck
