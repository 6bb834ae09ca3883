// Sequence numbers (RFC 9293 §3.4): positions on a circle of 2^32. A position and a distance are
// different things and don't mix.
#pragma once

#include <cstdint>

namespace tapdeck {

struct SeqNum {
  std::uint32_t value = 0;

  friend constexpr bool operator==(SeqNum, SeqNum) = default;
  friend constexpr SeqNum operator+(SeqNum position, std::uint32_t octets) {
    return {position.value + octets};
  }
  friend constexpr SeqNum operator-(SeqNum position, std::uint32_t octets) {
    return {position.value - octets};
  }
  /// Octets from `from` to `to`; negative if `to` lies before, by the shorter way round.
  friend constexpr std::int32_t operator-(SeqNum to, SeqNum from) {
    return static_cast<std::int32_t>(to.value - from.value);
  }
};

[[nodiscard]] constexpr bool precedes(SeqNum a, SeqNum b) { return a - b < 0; }
[[nodiscard]] constexpr bool at_or_before(SeqNum a, SeqNum b) { return a - b <= 0; }
[[nodiscard]] constexpr SeqNum later(SeqNum a, SeqNum b) { return precedes(a, b) ? b : a; }
[[nodiscard]] constexpr SeqNum earlier(SeqNum a, SeqNum b) { return precedes(a, b) ? a : b; }

}  // namespace tapdeck
