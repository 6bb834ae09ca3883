// Borrowed bytes and the reads that every format and protocol needs of them.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace tapdeck {

/// Bytes owned by somebody else; whoever hands them out says how long they live.
using Bytes = std::span<const std::byte>;

/// Requires: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
[[nodiscard]] constexpr T read_big_endian(Bytes bytes, std::size_t at) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return static_cast<T>(
        ((static_cast<T>(std::to_integer<T>(bytes[at + I]) << (8 * (sizeof(T) - 1 - I)))) | ...));
  }
  (std::make_index_sequence<sizeof(T)>{});
}

/// Requires: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
[[nodiscard]] constexpr T read_little_endian(Bytes bytes, std::size_t at) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return static_cast<T>(((static_cast<T>(std::to_integer<T>(bytes[at + I]) << (8 * I))) | ...));
  }
  (std::make_index_sequence<sizeof(T)>{});
}

/// For files whose byte order is known only when they are read.
/// Requires: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
[[nodiscard]] constexpr T read_in_order(Bytes bytes, std::size_t at, std::endian order) {
  return order == std::endian::little ? read_little_endian<T>(bytes, at)
                                      : read_big_endian<T>(bytes, at);
}

/// Requires: at < bytes.size().
[[nodiscard]] constexpr std::uint8_t read_octet(Bytes bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

}  // namespace tapdeck
