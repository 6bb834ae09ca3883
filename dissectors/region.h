// A piece of a frame: the octets that the capture holds of it and the length that the enclosing
// header declares. Every parser takes and returns one, so Ethernet padding and cut captures can't
// become payload.
#pragma once

#include <algorithm>
#include <cstddef>

#include "captures/bytes.h"

namespace tapdeck {

struct Region {
  Bytes bytes;             ///< What the capture holds.
  std::size_t length = 0;  ///< Octets declared; more than bytes.size() where the capture is cut.

  /// At most `declared` octets of it: what a length field of a header leaves.
  [[nodiscard]] constexpr Region limited_to(std::size_t declared) const {
    return {bytes.first(std::min(declared, bytes.size())), std::min(declared, length)};
  }

  /// What follows the first `octets`; empty where there are no more.
  [[nodiscard]] constexpr Region after(std::size_t octets) const {
    return {bytes.subspan(std::min(octets, bytes.size())), length - std::min(octets, length)};
  }

  /// True if the capture holds the first `octets`.
  [[nodiscard]] constexpr bool holds(std::size_t octets) const {
    return bytes.size() >= octets && length >= octets;
  }
};

}  // namespace tapdeck
