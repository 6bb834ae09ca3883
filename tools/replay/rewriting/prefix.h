// A network prefix: what rules say of many addresses at once.
#pragma once

#include <algorithm>
#include <cstdint>

#include "dissectors/address.h"

namespace tapdeck {

[[nodiscard]] constexpr std::uint8_t address_bits(const IpAddress& address) {
  return address.version == 4 ? 32 : 128;
}

/// Bit 0 is the first on the wire.
[[nodiscard]] constexpr bool bit_of(const IpAddress& address, std::size_t bit) {
  return (address.octets[bit / 8] >> (7 - bit % 8) & 1U) != 0;
}

/// The first `bits` of one address, the rest of the other. Requires: both have one version.
[[nodiscard]] constexpr IpAddress joined(const IpAddress& head, const IpAddress& tail,
                                         std::size_t bits) {
  IpAddress result = tail;
  const std::size_t whole = bits / 8;
  std::copy_n(head.octets.begin(), whole, result.octets.begin());
  if (bits % 8 != 0) {
    const auto mask = static_cast<std::uint8_t>(0xff00U >> bits % 8);
    result.octets[whole] =
        static_cast<std::uint8_t>((head.octets[whole] & mask) | (tail.octets[whole] & ~mask));
  }
  return result;
}

struct Prefix {
  IpAddress address;
  std::uint8_t length = 0;  ///< Bits.

  [[nodiscard]] constexpr bool contains(const IpAddress& other) const {
    return other.version == address.version && joined(address, other, length) == other;
  }
  [[nodiscard]] constexpr bool overlaps(const Prefix& other) const {
    return contains(other.address) || other.contains(address);
  }

  friend constexpr bool operator==(const Prefix&, const Prefix&) = default;
};

}  // namespace tapdeck
