// What a receiver without SACK holds above its acknowledgment. Each segment that comes there draws
// a duplicate ACK, and each acknowledgment of a hole eats those of what it jumps over: so a sender
// counts (RFC 5681 §3.2, RFC 6582), and so does an observer until a timeout sends all of it again.
#pragma once

#include <algorithm>
#include <cstdint>

#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

class HeldAbove {
 public:
  void on_duplicate_ack(SeqNum ack) {
    if (x_sending_again) return;  // repeats may draw them
    if (!(ack == x_ack)) x_held = 0;
    x_ack = ack;
    if (x_held != UINT16_MAX) ++x_held;
  }

  /// Nothing is counted: an acknowledgment of bytes that nobody asked for changes nothing.
  [[nodiscard]] bool idle() const { return x_held == 0 && !x_sending_again; }
  /// Duplicate ACKs of `ack` told of some.
  [[nodiscard]] bool any_above(SeqNum ack) const { return x_ack == ack && x_held > 0; }

  /// So many segments were acknowledged: the lowest came last.
  void on_advance(SeqNum before, SeqNum ack, std::size_t segments) {
    const bool known = x_ack == before && segments != 0 && x_held >= segments;
    x_held = known ? static_cast<std::uint16_t>(x_held + 1 - segments) : std::uint16_t{0};
    x_ack = ack;
    if (x_sending_again && x_holes != UINT16_MAX) ++x_holes;
  }

  /// So many segments stand from `ack` on, and are all sent again.
  void on_timeout(SeqNum ack, std::size_t segments) {
    x_held_then = x_ack == ack ? x_held : std::uint16_t{0};
    x_not_held = static_cast<std::uint16_t>(
        std::min<std::size_t>(segments - std::min<std::size_t>(segments, x_held_then), UINT16_MAX));
    x_holes = 0;
    x_sending_again = true;
  }

  /// All that stood at the timeout is acknowledged. True if of the segments that were no holes,
  /// where the acknowledgments stopped, more had been held than lost: the repeats of most were
  /// needless. Duplicate ACKs get lost, so that hardly ever all of them are known.
  [[nodiscard]] bool on_all_acknowledged() {
    const bool mostly_held = x_sending_again && x_not_held != UINT16_MAX &&
                             (x_not_held <= x_holes || x_not_held - x_holes < x_held_then);
    x_sending_again = false;
    return mostly_held;
  }

 private:
  SeqNum x_ack;  // where the count below stands
  std::uint16_t x_held = 0;
  std::uint16_t x_held_then = 0;  // …when the timer fired
  std::uint16_t x_not_held = 0;   // …as far as known, of what stood then
  std::uint16_t x_holes = 0;
  bool x_sending_again = false;
};

}  // namespace tapdeck
