// Records in chunks that never move, named by a number: no allocation per record, freed ones are
// used again, and a number takes half the room of a pointer.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace tapdeck {

using SlabIndex = std::uint32_t;
inline constexpr SlabIndex no_slab_index = 0xffffffff;

/// Asks memory for the lines from `begin` to before `end`.
inline void prefetch_lines(const void* begin, const void* end) {
  constexpr std::size_t line = 64;
  const char* at = static_cast<const char*>(begin);
  for (; at < static_cast<const char*>(end); at += line) __builtin_prefetch(at);
  // Without it GCC takes functions that do nothing else for functions without effect, and drops
  // the calls of them.
  asm volatile("");
}

template <class T, std::size_t chunk_records = 256>
class Slab {
 public:
  /// A fresh record. Allocates once for `chunk_records` of them.
  [[nodiscard]] SlabIndex take() {
    if (!x_free.empty()) {
      const SlabIndex index = x_free.back();
      x_free.pop_back();
      (*this)[index] = T{};
      return index;
    }
    if (x_used == x_chunks.size() * chunk_records) grow();
    return static_cast<SlabIndex>(x_used++);
  }

  void give_back(SlabIndex index) { x_free.push_back(index); }

  /// Requires: index was taken and not given back.
  [[nodiscard]] T& operator[](SlabIndex index) {
    return x_chunks[index / chunk_records][index % chunk_records];
  }
  [[nodiscard]] const T& operator[](SlabIndex index) const {
    return x_chunks[index / chunk_records][index % chunk_records];
  }

  [[nodiscard]] std::size_t in_use() const { return x_used - x_free.size(); }

 private:
  void grow() {
    x_chunks.push_back(std::make_unique<T[]>(chunk_records));
    // Room for every record, so that giving one back never allocates.
    const std::size_t records = x_chunks.size() * chunk_records;
    if (x_free.capacity() < records) x_free.reserve(records * 2);
  }

  std::vector<std::unique_ptr<T[]>> x_chunks;
  std::vector<SlabIndex> x_free;
  std::size_t x_used = 0;
};

}  // namespace tapdeck
