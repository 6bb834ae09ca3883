// A few octets put together in little-endian order: what file formats are written with.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "captures/bytes.h"

namespace tapdeck {

/// At most `capacity` octets; no heap.
template <std::size_t capacity>
class LittleEndianOctets {
 public:
  /// Requires: room for the value.
  template <std::unsigned_integral T>
  LittleEndianOctets& add(T value) {
    for (std::size_t index = 0; index < sizeof(T); ++index) {
      x_octets[x_size++] = static_cast<std::byte>(value >> (8 * index));
    }
    return *this;
  }

  [[nodiscard]] Bytes bytes() const { return Bytes(x_octets).first(x_size); }

 private:
  std::array<std::byte, capacity> x_octets{};
  std::size_t x_size = 0;
};

}  // namespace tapdeck
