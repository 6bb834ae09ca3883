// Records that never move, named by a number: no allocation per record, freed ones are used again,
// and a number takes half the room of a pointer.
#pragma once

#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "analyzer/flow/slab_memory.h"

namespace tapdeck {

using SlabIndex = std::uint32_t;
inline constexpr SlabIndex no_slab_index = 0xffffffff;

/// Asks memory for the lines from `begin` to before `end`.
inline void prefetch_lines(const void* begin, const void* end) {
  constexpr std::size_t line = 64;
  const char* at = static_cast<const char*>(begin);
  at -= reinterpret_cast<std::uintptr_t>(at) % line;
  for (; at < static_cast<const char*>(end); at += line) __builtin_prefetch(at);
  // Without it GCC takes functions that do nothing else for functions without effect, and drops
  // the calls of them.
  asm volatile("");
}

/// The same of a record that begins with a line: what the compiler knows of where they lie leaves
/// nothing but the asking.
template <class Record>
requires(alignof(Record) % 64 == 0) inline void prefetch_lines_of(const Record& record,
                                                                  const void* begin,
                                                                  const void* end) {
  constexpr std::size_t line = 64;
  const char* const base = reinterpret_cast<const char*>(&record);
  const auto from = static_cast<std::size_t>(static_cast<const char*>(begin) - base) / line * line;
  const auto to = static_cast<std::size_t>(static_cast<const char*>(end) - base);
#pragma GCC unroll 16
  for (std::size_t at = from; at < to; at += line) __builtin_prefetch(base + at);
  asm volatile("");
}

template <class T>
class Slab {
 public:
  Slab() = default;
  Slab(Slab&& other) noexcept
      : x_memory(std::move(other.x_memory)),
        x_records(std::exchange(other.x_records, nullptr)),
        x_octets(std::exchange(other.x_octets, nullptr)),
        x_used(std::exchange(other.x_used, 0)),
        x_in_use(std::exchange(other.x_in_use, 0)),
        x_free(std::exchange(other.x_free, no_slab_index)) {}

  /// Adds what its records take to `octets`, from the first one on, which must outlive it.
  void count_into(std::size_t& octets) { x_octets = &octets; }

  /// A fresh record.
  [[nodiscard]] SlabIndex take() {
    SlabIndex index = x_free;
    if (index != no_slab_index) {
      std::memcpy(&x_free, &x_records[index], sizeof x_free);
    } else {
      index = x_used;
      if ((std::size_t{index} + 1) * sizeof(T) > x_memory.size()) grow();
      ++x_used;
    }
    ++x_in_use;
    if (x_octets != nullptr) *x_octets += sizeof(T);
    ::new (static_cast<void*>(&x_records[index])) T{};
    return index;
  }

  void give_back(SlabIndex index) {
    std::memcpy(static_cast<void*>(&x_records[index]), &x_free, sizeof x_free);
    x_free = index;
    --x_in_use;
    if (x_octets != nullptr) *x_octets -= sizeof(T);
  }

  /// Requires: index was taken and not given back.
  [[nodiscard]] T& operator[](SlabIndex index) { return x_records[index]; }
  [[nodiscard]] const T& operator[](SlabIndex index) const { return x_records[index]; }
  /// Requires: it is one of these.
  [[nodiscard]] SlabIndex index_of(const T& record) const {
    return static_cast<SlabIndex>(&record - x_records);
  }

  [[nodiscard]] std::size_t in_use() const { return x_in_use; }

 private:
  static_assert(std::is_trivially_destructible_v<T> && sizeof(T) >= sizeof(SlabIndex));

  void grow() {
    do {
      x_memory.grow();
    } while ((std::size_t{x_used} + 1) * sizeof(T) > x_memory.size());
    x_records = reinterpret_cast<T*>(x_memory.begin());
  }

  SlabMemory x_memory;
  T* x_records = nullptr;
  std::size_t* x_octets = nullptr;  // null: nobody asks
  SlabIndex x_used = 0;
  SlabIndex x_in_use = 0;
  SlabIndex x_free = no_slab_index;  // the first of those given back; each holds the next one
};

}  // namespace tapdeck
