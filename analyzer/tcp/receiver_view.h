// What an observer knows of an endpoint as a receiver: how far it ever let its peer send, and the
// clock of the peer that it echoes. Both are bounds: what was missed here can only widen them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/timestamp_clock.h"
#include "captures/elapsed.h"

namespace tapdeck {

class ReceiverView {
 public:
  /// A SYN or SYN+ACK of this endpoint. An offer once made stands: a repeat may leave it out.
  void note_syn(const Segment& segment) {
    x_syn_seen = true;
    if (!segment.options.has_window_scale) return;
    x_offered_shift = std::min(segment.options.window_scale, greatest_window_shift);
  }

  /// Windows are scaled if both SYNs offer it (RFC 7323 §2.2).
  void agree_on_scale(ReceiverView& peer) {
    if (!x_syn_seen || !peer.x_syn_seen) return;
    const bool scaled = x_offered_shift != unknown_shift && peer.x_offered_shift != unknown_shift;
    x_shift = scaled ? x_offered_shift : 0;
    peer.x_shift = scaled ? peer.x_offered_shift : 0;
  }

  /// A segment that this endpoint sent. Requires: the peer would accept it, and it is no reset.
  void on_sent(const Segment& segment, const ReceiverView& peer, std::int64_t time_ns) {
    if (segment.has(TcpFlags::ack)) note_window(segment);
    if (segment.options.has_timestamps) note_timestamps(segment, peer, time_ns);
  }

  /// False where the scale isn't known: the window may be anything.
  [[nodiscard]] bool knows_window() const { return x_shift != unknown_shift && x_has_window; }
  /// How far its window fields are shifted, but for those of SYNs; empty where a SYN wasn't seen.
  [[nodiscard]] std::optional<std::uint8_t> shift() const {
    return x_shift == unknown_shift ? std::nullopt : std::optional(x_shift);
  }
  /// Behind the last octet that it ever offered to take.
  [[nodiscard]] SeqNum right_edge() const { return x_right_edge; }
  [[nodiscard]] std::uint32_t greatest_window() const { return x_greatest_window; }

  /// The peer sent `value`, and PAWS refuses it: this endpoint has echoed a later one, so its
  /// TS.Recent is that or later still.
  [[nodiscard]] bool refuses_timestamp(std::uint32_t value, std::int64_t time_ns) const {
    constexpr std::int64_t recent_for_ns = 24LL * 86'400 * 1'000'000'000;  // RFC 7323 §5.5
    return x_has_echoed && is_refused_by_paws(value, x_echoed) &&
           elapsed_ns(x_echoed_ns, time_ns) < recent_for_ns;
  }

  /// The latest clock value that this endpoint sent itself.
  [[nodiscard]] bool has_timestamp() const { return x_has_timestamp; }
  [[nodiscard]] std::uint32_t latest_timestamp() const { return x_latest_timestamp; }

  /// The segment's clock goes on where this endpoint's stands, and echoes what `peer` sent.
  [[nodiscard]] bool expects_clock(const TcpOptions& options, const ReceiverView& peer) const {
    if (!options.has_timestamps) return !x_has_timestamp;
    return x_has_timestamp && peer.x_has_timestamp &&
           timestamp_distance(x_latest_timestamp, options.timestamp_value) >= 0 &&
           timestamp_distance(options.timestamp_echo_reply, peer.x_latest_timestamp) >= 0;
  }

 private:
  static constexpr std::uint8_t unknown_shift = 255;

  void note_window(const Segment& segment) {
    const bool is_syn = segment.has(TcpFlags::syn);  // its window is never scaled
    if (!is_syn && x_shift == unknown_shift) return;
    const std::uint32_t window = std::uint32_t{segment.window_field} << (is_syn ? 0 : x_shift);
    const SeqNum edge = segment.seg_ack + window;
    x_right_edge = x_has_window ? later(x_right_edge, edge) : edge;
    x_has_window = true;
    x_greatest_window = std::max(x_greatest_window, window);
  }

  void note_timestamps(const Segment& segment, const ReceiverView& peer, std::int64_t time_ns) {
    const std::uint32_t value = segment.options.timestamp_value;
    if (!x_has_timestamp || timestamp_distance(x_latest_timestamp, value) > 0) {
      x_latest_timestamp = value;
    }
    x_has_timestamp = true;
    const std::uint32_t echo = segment.options.timestamp_echo_reply;
    // An echo of what was never sent is no echo.
    const bool was_sent = segment.has(TcpFlags::ack) && peer.x_has_timestamp &&
                          timestamp_distance(echo, peer.x_latest_timestamp) >= 0;
    if (!was_sent) return;
    if (!x_has_echoed || timestamp_distance(x_echoed, echo) > 0) x_echoed = echo;
    x_has_echoed = true;
    x_echoed_ns = time_ns;
  }

  std::int64_t x_echoed_ns = 0;  // when it last echoed anything
  SeqNum x_right_edge;
  std::uint32_t x_greatest_window = 0;
  std::uint32_t x_latest_timestamp = 0;
  std::uint32_t x_echoed = 0;
  std::uint8_t x_offered_shift = unknown_shift;
  std::uint8_t x_shift = unknown_shift;
  bool x_syn_seen : 1 = false;
  bool x_has_window : 1 = false;
  bool x_has_timestamp : 1 = false;
  bool x_has_echoed : 1 = false;
};

}  // namespace tapdeck
