// The writes that header edits need, in network order.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>

#include "captures/bytes.h"

namespace tapdeck {

/// Requires: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
void write_big_endian(std::span<std::byte> bytes, std::size_t at, T value) {
  const T wire = std::endian::native == std::endian::big ? value : with_octets_reversed(value);
  std::memcpy(bytes.data() + at, &wire, sizeof wire);
}

/// Requires: at < bytes.size().
inline void write_octet(std::span<std::byte> bytes, std::size_t at, std::uint8_t value) {
  bytes[at] = std::byte{value};
}

}  // namespace tapdeck
