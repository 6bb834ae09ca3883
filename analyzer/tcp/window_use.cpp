#include "analyzer/tcp/window_use.h"

#include <algorithm>
#include <optional>

#include "captures/elapsed.h"

namespace tapdeck {

void judge_window(Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  const Segment& segment = at_hand.segment;
  if (!segment.has(TcpFlags::ack)) return;
  OfferedWindow& window = hearing.peers.window;
  if (window.known && precedes(segment.seg_ack, window.ack)) return;  // overtaken
  const std::optional<std::uint8_t> scale =
      segment.has(TcpFlags::syn) ? std::uint8_t{0} : at_hand.states.view(at_hand.from).shift();
  const std::uint32_t octets = std::uint32_t{segment.window_field} << scale.value_or(0);
  const SeqNum right_edge = segment.seg_ack + octets;
  Verdict& verdict = hearing.judged.verdict;
  const bool over = at_hand.states.of(at_hand.from).peer_fin_received;
  if (segment.window_field == 0 && !segment.has(TcpFlags::syn | TcpFlags::fin) && !over) {
    verdict.window = WindowVerdict::zero_window;
  } else if (window.known && scale) {
    const std::int32_t moved = right_edge - window.right_edge;
    const auto granularity = static_cast<std::int32_t>(1U << *scale);
    if (moved < -granularity && window.scaled && !window.of_syn && !segment.has(TcpFlags::syn)) {
      verdict.window = WindowVerdict::window_shrunk;
    } else if (moved > 0 && window.ack == segment.seg_ack && segment.is_empty_ack() &&
               verdict.ack == AckVerdict::none && verdict.origin == Origin::first) {
      verdict.window = WindowVerdict::window_update;
      const std::int32_t room = window.right_edge - at_hand.peer_space().snd_nxt();
      if (room < hearing.peers.largest_payload) {
        hearing.peers.recovery.on_window_opened(at_hand.moment.time_ns);
      }
    }
    hearing.peers.flight.greatest_window = std::max(hearing.peers.flight.greatest_window, octets);
  }
  window = {.known = true,
            .of_syn = segment.has(TcpFlags::syn),
            .scaled = scale.has_value(),
            .field = segment.window_field,
            .ack = segment.seg_ack,
            .right_edge = right_edge};
}

void judge_window_use(Hearing& hearing) {
  const OfferedWindow& window = hearing.own.window;
  const Verdict& verdict = hearing.judged.verdict;
  if (!window.known || !window.scaled || hearing.judged.payload_octets == 0) return;
  if (verdict.origin != Origin::first || !(hearing.judged.end == window.right_edge)) return;
  hearing.judged.verdict.window = WindowVerdict::window_full;
}

void account_flight(Transfer& transfer, const SendSpace& space, std::int64_t now_ns) {
  FlightTimes& flight = transfer.flight;
  const bool outstanding =
      space.has_sent() && space.has_snd_una() && precedes(space.snd_una(), space.snd_nxt());
  if (outstanding && flight.last_ns != 0) {
    const std::int64_t elapsed = std::max<std::int64_t>(wait_ns(flight.last_ns, now_ns), 0);
    constexpr std::int64_t enough = std::int64_t{1} << 61U;  // of wild time stamps
    if (flight.in_flight_ns > enough) return;
    flight.in_flight_ns += elapsed;
    const bool used_up = transfer.window.known && transfer.window.scaled &&
                         transfer.window.right_edge - space.snd_nxt() <
                             static_cast<std::int32_t>(transfer.largest_payload);
    if (transfer.recovery.phase() != Recovery::Phase::open) {
      flight.recovering_ns += elapsed;
    } else if (used_up) {
      flight.receiver_limited_ns += elapsed;
    }
    flight.greatest_flight =
        std::max(flight.greatest_flight, space.snd_nxt().value - space.snd_una().value);
  }
  flight.last_ns = now_ns;
}

}  // namespace tapdeck
