// The hash table from keys to conversations: open addressing, a slot of 8 octets holding 32 bits of
// the hash and the conversation's number, so that most misses cost one line of memory.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/flow/slab.h"

namespace tapdeck {

class FlowIndex {
 public:
  /// Calls matches(SlabIndex) for candidates of equal hash until it returns true; gives that one.
  template <class Matches>
  [[nodiscard]] SlabIndex find(std::uint32_t hash, Matches matches) const {
    for (std::size_t slot = hash & x_mask; x_slots[slot].used(); slot = (slot + 1) & x_mask) {
      if (x_slots[slot].hash == hash && matches(x_slots[slot].index)) return x_slots[slot].index;
    }
    return no_slab_index;
  }

  /// Requires: no entry for this conversation yet.
  void insert(std::uint32_t hash, SlabIndex index) {
    if ((x_count + 1) * 4 > x_slots.size() * 3) grow();
    place({hash, index});
    ++x_count;
  }

  /// Requires: the entry exists.
  void erase(std::uint32_t hash, SlabIndex index) {
    std::size_t hole = slot_of(hash, index);
    for (std::size_t slot = (hole + 1) & x_mask; x_slots[slot].used(); slot = (slot + 1) & x_mask) {
      const std::size_t home = x_slots[slot].hash & x_mask;
      const bool stays = ((slot - home) & x_mask) < ((slot - hole) & x_mask);
      if (stays) continue;
      x_slots[hole] = x_slots[slot];
      hole = slot;
    }
    x_slots[hole] = {};
    --x_count;
  }

  /// Asks memory for the line that `find` will read first.
  void prefetch(std::uint32_t hash) const {
    const Slot& slot = x_slots[hash & x_mask];
    prefetch_lines(&slot, &slot + 1);
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    SlabIndex index = no_slab_index;
    [[nodiscard]] bool used() const { return index != no_slab_index; }
  };

  [[nodiscard]] std::size_t slot_of(std::uint32_t hash, SlabIndex index) const {
    std::size_t slot = hash & x_mask;
    while (x_slots[slot].index != index) slot = (slot + 1) & x_mask;
    return slot;
  }

  void place(Slot entry) {
    std::size_t slot = entry.hash & x_mask;
    while (x_slots[slot].used()) slot = (slot + 1) & x_mask;
    x_slots[slot] = entry;
  }

  void grow() {
    std::vector<Slot> before(x_slots.size() * 2);
    before.swap(x_slots);
    x_mask = x_slots.size() - 1;
    for (const Slot& entry : before) {
      if (entry.used()) place(entry);
    }
  }

  static constexpr std::size_t first_size = 64;
  std::vector<Slot> x_slots = std::vector<Slot>(first_size);
  std::size_t x_mask = first_size - 1;
  std::size_t x_count = 0;
};

}  // namespace tapdeck
