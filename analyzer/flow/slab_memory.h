// Address space for a slab: taken from the system once, filled with memory as the slab grows, so
// that records never move and lie in one array.
#pragma once

#include <cstddef>

namespace tapdeck {

class SlabMemory {
 public:
  SlabMemory() = default;
  SlabMemory(const SlabMemory&) = delete;
  SlabMemory& operator=(const SlabMemory&) = delete;
  SlabMemory(SlabMemory&& other) noexcept;
  SlabMemory& operator=(SlabMemory&&) = delete;
  ~SlabMemory();

  [[nodiscard]] std::byte* begin() const { return x_begin; }
  /// Octets that may be used.
  [[nodiscard]] std::size_t size() const { return x_size; }
  /// More of them, zeroed. Throws std::bad_alloc if the system has no more.
  void grow();

 private:
  void reserve();

  std::byte* x_begin = nullptr;
  std::size_t x_reserved = 0;
  std::size_t x_size = 0;
};

}  // namespace tapdeck
