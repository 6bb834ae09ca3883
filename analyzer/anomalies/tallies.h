// What is counted of many events without keeping them; all of it merges in any order.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>

#include "analyzer/tcp/moment.h"

namespace tapdeck {

/// From when to when.
struct Span {
  Moment first, last;
  std::uint64_t connection = 0;  // of the first

  void include(Moment moment, std::uint64_t of_connection) {
    include({.first = moment, .last = moment, .connection = of_connection});
  }
  void include(const Span& other) {
    if (other.first.frame == 0) return;
    if (first.frame == 0 || other.first.frame < first.frame) {
      first = other.first;
      connection = other.connection;
    }
    if (other.last.frame > last.frame) last = other.last;
  }
};

/// How many came in the busiest second. Room for many seconds is taken when few don't do.
class BusiestSecond {
 public:
  void add(std::int64_t time_ns, std::uint64_t count = 1) {
    const std::int64_t second = time_ns / 1'000'000'000;
    add_second(second, count);
  }
  void merge(const BusiestSecond& other) {
    for (const Slot& slot : other.slots()) {
      if (slot.count != 0) add_second(slot.second, slot.count);
    }
    x_most = std::max(x_most, other.x_most);
  }
  [[nodiscard]] std::uint64_t most() const { return x_most; }

 private:
  struct Slot {
    std::int64_t second = 0;
    std::uint64_t count = 0;
  };

  [[nodiscard]] std::span<const Slot> slots() const {
    return x_many ? std::span<const Slot>(*x_many) : std::span<const Slot>(x_few);
  }

  void add_second(std::int64_t second, std::uint64_t count) {
    Slot* slot = x_many ? nullptr : std::ranges::find_if(x_few, [&](const Slot& few) {
      return few.count == 0 || few.second == second;
    });
    if (x_many || slot == x_few.end()) slot = &slot_of_many(second);
    // The busier of two seconds keeps the slot: what decides lasts.
    if (slot->second != second) {
      if (slot->count >= 4 * count && slot->count > 64) return;
      *slot = {.second = second, .count = 0};
    }
    slot->count += count;
    x_most = std::max(x_most, slot->count);
  }

  Slot& slot_of_many(std::int64_t second) {
    const auto place = [](std::int64_t of) { return static_cast<std::uint64_t>(of) % many; };
    if (!x_many) {
      x_many = std::make_unique<std::array<Slot, many>>();
      for (const Slot& few : x_few) {
        Slot& slot = (*x_many)[place(few.second)];
        if (slot.count < few.count) slot = few;
      }
    }
    return (*x_many)[place(second)];
  }

  static constexpr std::size_t many = 16;
  std::array<Slot, 2> x_few{};
  std::unique_ptr<std::array<Slot, many>> x_many;  // instead of the few
  std::uint64_t x_most = 0;
};

/// How long answers took, each known to within a doubling.
class AnswerTimes {
 public:
  void add(std::int64_t ns) {
    std::uint16_t& count = x_counts[place_of(ns)];
    if (count != 0xffff) ++count;
  }
  void merge(const AnswerTimes& other) {
    for (std::size_t i = 0; i < x_counts.size(); ++i) {
      const std::uint32_t sum = std::uint32_t{x_counts[i]} + other.x_counts[i];
      x_counts[i] = static_cast<std::uint16_t>(std::min(sum, 0xffffU));
    }
  }
  [[nodiscard]] std::uint32_t count() const {
    return std::accumulate(x_counts.begin(), x_counts.end(), 0U);
  }
  /// Half of them took less. Requires: there are some.
  [[nodiscard]] std::int64_t median_at_most() const {
    std::uint32_t left = count() / 2 + 1;
    std::size_t place = 0;
    while (x_counts[place] < left) left -= x_counts[place++];
    return least_ns << place;
  }

 private:
  static constexpr std::int64_t least_ns = 1'000'000;
  /// The first place is up to 1 ms, each next one up to twice as long, the last one open.
  [[nodiscard]] static std::size_t place_of(std::int64_t ns) {
    const auto units = static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0) / least_ns);
    return std::min<std::size_t>(std::bit_width(units), size - 1);
  }
  static constexpr std::size_t size = 16;
  std::array<std::uint16_t, size> x_counts{};
};

/// What is kept only of those who give cause: made when first asked for.
template <class Value>
class Lazily {
 public:
  [[nodiscard]] Value& get() {
    if (!x_value) x_value = std::make_unique<Value>();
    return *x_value;
  }
  /// Null if nothing is kept.
  [[nodiscard]] const Value* find() const { return x_value.get(); }
  void merge(const Lazily& other) {
    if (other.x_value) get().merge(*other.x_value);
  }

 private:
  std::unique_ptr<Value> x_value;
};

/// How many different values there were, by linear counting: near enough up to some thousand. One
/// value alone takes little room.
class DistinctCount {
 public:
  void add(std::uint64_t value) {
    if (!x_any) x_first = value;
    x_any = true;
    if (value == x_first) return;
    x_others.get().add(value);
  }
  void merge(const DistinctCount& other) {
    if (other.x_any) add(other.x_first);
    x_others.merge(other.x_others);
  }
  [[nodiscard]] std::uint64_t estimate() const {
    if (!x_any) return 0;
    Bits all;
    all.add(x_first);
    if (x_others.find() != nullptr) all.merge(*x_others.find());
    return all.estimate();
  }

 private:
  class Bits {
   public:
    void add(std::uint64_t value) {
      constexpr std::uint64_t odd_constant = 0x9e3779b97f4a7c15;  // 2^64 / the golden ratio
      const std::uint64_t mixed = (value ^ value >> 32U) * odd_constant;
      x_bits.set((mixed ^ mixed >> 31U) * odd_constant >> 55U);
    }
    void merge(const Bits& other) { x_bits |= other.x_bits; }
    [[nodiscard]] std::uint64_t estimate() const {
      const auto size = static_cast<double>(x_bits.size());
      const double empty = std::max(0.5, size - static_cast<double>(x_bits.count()));
      return static_cast<std::uint64_t>(std::lround(size * std::log(size / empty)));
    }

   private:
    std::bitset<512> x_bits;
  };

  std::uint64_t x_first = 0;  // if x_any
  bool x_any = false;
  Lazily<Bits> x_others;
};

}  // namespace tapdeck
