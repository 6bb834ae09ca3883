// The Internet checksum of data that changes in part, without a look at the rest (RFC 1624). One
// equation for every word that goes or comes, so a checksum that was wrong stays as wrong.
#pragma once

#include <cstdint>

namespace tapdeck {

/// One's complement addition.
[[nodiscard]] constexpr std::uint16_t added_words(std::uint16_t a, std::uint16_t b) {
  const std::uint32_t sum = std::uint32_t{a} + b;
  return static_cast<std::uint16_t>((sum & 0xffffU) + (sum >> 16U));
}

/// The checksum when words that sum up to `before` become ones that sum up to `after` (RFC 1624 §3,
/// equation 3). That of RFC 1141 differs where the result is zero.
[[nodiscard]] constexpr std::uint16_t updated_checksum(std::uint16_t checksum, std::uint16_t before,
                                                       std::uint16_t after) {
  const std::uint16_t rest =
      added_words(static_cast<std::uint16_t>(~checksum), static_cast<std::uint16_t>(~before));
  return static_cast<std::uint16_t>(~added_words(rest, after));
}

/// UDP says with a zero that there is no checksum, and with ones that it came out as zero (RFC
/// 768).
[[nodiscard]] constexpr std::uint16_t as_udp_checksum(std::uint16_t checksum) {
  return checksum == 0 ? std::uint16_t{0xffff} : checksum;
}

/// A sum that isn't complemented: what a sender leaves in the field for its interface to complete.
[[nodiscard]] constexpr std::uint16_t updated_sum(std::uint16_t sum, std::uint16_t before,
                                                  std::uint16_t after) {
  return static_cast<std::uint16_t>(
      ~updated_checksum(static_cast<std::uint16_t>(~sum), before, after));
}

}  // namespace tapdeck
