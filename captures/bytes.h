// Borrowed bytes and the reads that every format and protocol needs of them.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace tapdeck {

/// Bytes owned by somebody else; whoever hands them out says how long they live.
using Bytes = std::span<const std::byte>;

/// The octets of a number, the other way round.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T with_octets_reversed(T value) {
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  return value;
}

/// For files whose byte order is known only when they are read.
/// Requires: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
[[nodiscard]] T read_in_order(Bytes bytes, std::size_t at, std::endian order) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return order == std::endian::native ? value : with_octets_reversed(value);
}

/// Requires: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
[[nodiscard]] T read_big_endian(Bytes bytes, std::size_t at) {
  return read_in_order<T>(bytes, at, std::endian::big);
}

/// Requires: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
[[nodiscard]] T read_little_endian(Bytes bytes, std::size_t at) {
  return read_in_order<T>(bytes, at, std::endian::little);
}

/// Requires: at < bytes.size().
[[nodiscard]] constexpr std::uint8_t read_octet(Bytes bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

}  // namespace tapdeck
