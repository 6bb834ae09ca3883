// What packets fill, so it is bounded: past the bound new keys are left out and counted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dissectors/address.h"

namespace tapdeck {

/// A host, or one of its ports, or a pair of hosts.
struct HostKey {
  IpAddress host, peer;
  std::uint16_t port = 0;

  friend bool operator==(const HostKey&, const HostKey&) = default;
};

[[nodiscard]] std::uint64_t hash_of(const HostKey& key, std::uint64_t seed);

/// Takes no memory before the first key, and then little more than its values.
template <class Value, std::size_t bound>
class HostTable {
 public:
  /// Of what was merged from many tables.
  static constexpr std::size_t bound_of_merged = 16 * bound;

  /// Null at the bound. Good until the next call.
  Value* at(const HostKey& key) { return place_within(bound, key); }

  void merge(const HostTable& others) {
    x_dropped += others.x_dropped;
    for (const Entry& entry : others.x_entries) {
      if (Value* const value = place_within(bound_of_merged, entry.key)) value->merge(entry.value);
    }
  }

  /// Null if it isn't there.
  [[nodiscard]] const Value* find(const HostKey& key) const {
    if (x_slots.empty()) return nullptr;
    const Slot& slot = x_slots[place_of(key).slot];
    return slot.used() ? &x_entries[slot.index].value : nullptr;
  }

  /// In the order in which the keys came.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : x_entries) visit(entry.key, entry.value);
  }
  [[nodiscard]] std::uint64_t dropped() const { return x_dropped; }

 private:
  struct Entry {
    HostKey key;
    Value value;
  };
  /// With a part of the hash, so that hardly ever another key is looked at.
  struct Slot {
    static constexpr std::uint32_t none = 0xffffffff;
    std::uint32_t index = none;
    std::uint32_t tag = 0;
    [[nodiscard]] bool used() const { return index != none; }
  };
  struct Place {
    std::size_t slot = 0;
    std::uint32_t tag = 0;
  };

  /// Where it is, or would be.
  [[nodiscard]] Place place_of(const HostKey& key) const {
    const std::uint64_t hash = hash_of(key, x_seed);
    Place place{.slot = hash, .tag = static_cast<std::uint32_t>(hash >> 32U)};
    for (;; ++place.slot) {
      place.slot &= x_slots.size() - 1;
      const Slot& slot = x_slots[place.slot];
      if (!slot.used() || (slot.tag == place.tag && x_entries[slot.index].key == key)) return place;
    }
  }

  Value* place_within(std::size_t most, const HostKey& key) {
    if (x_entries.size() < most) return &place(key);
    const Slot& slot = x_slots[place_of(key).slot];
    if (slot.used()) return &x_entries[slot.index].value;
    ++x_dropped;
    return nullptr;
  }

  Value& place(const HostKey& key) {
    if (x_entries.size() * 2 >= x_slots.size()) grow();
    const Place place = place_of(key);
    Slot& slot = x_slots[place.slot];
    if (!slot.used()) {
      slot = {.index = static_cast<std::uint32_t>(x_entries.size()), .tag = place.tag};
      x_entries.push_back({.key = key, .value = {}});
    }
    return x_entries[slot.index].value;
  }

  void grow() {
    constexpr std::size_t least = 8;
    x_slots.assign(std::max(least, x_slots.size() * 2), {});
    x_seed = reinterpret_cast<std::uintptr_t>(x_slots.data());
    for (std::uint32_t i = 0; i < x_entries.size(); ++i) {
      const Place place = place_of(x_entries[i].key);
      x_slots[place.slot] = {.index = i, .tag = place.tag};
    }
  }

  std::vector<Slot> x_slots;  // of entries, at most half of them taken
  std::vector<Entry> x_entries;
  std::uint64_t x_seed = 0;
  std::uint64_t x_dropped = 0;
};

/// Those with the lowest frames of many, and as many of each of many lists merged; whatever order
/// they came in.
template <class Value, std::size_t bound>
class BoundedList {
 public:
  static constexpr std::size_t bound_of_merged = 16 * bound;

  void add(const Value& value) { add_within(bound, value); }
  void merge(const BoundedList& others) {
    x_dropped += others.x_dropped;
    for (const Value& value : others.x_kept) add_within(bound_of_merged, value);
  }
  [[nodiscard]] const std::vector<Value>& kept() const { return x_kept; }
  [[nodiscard]] std::uint64_t dropped() const { return x_dropped; }

 private:
  void add_within(std::size_t most, const Value& value) {
    const auto place = std::ranges::upper_bound(x_kept, value.frame(), {}, &Value::frame);
    if (x_kept.size() < most) {
      x_kept.insert(place, value);
      return;
    }
    ++x_dropped;
    if (place == x_kept.end()) return;
    std::move_backward(place, x_kept.end() - 1, x_kept.end());
    *place = value;
  }

  std::vector<Value> x_kept;  // by their frames
  std::uint64_t x_dropped = 0;
};

}  // namespace tapdeck
