// What is counted of many events without keeping them; all of it merges in any order.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include "analyzer/anomalies/distinct_values.h"
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

/// How many came in the busiest second. Past `bound` seconds with any it tells only stretches of
/// two seconds apart, then of four …, and what is said is the mean of the busiest stretch: never
/// too much. Which seconds share a stretch rests on all of them and not on their order, so parts
/// merge to what the whole would be.
class BusiestSecond {
 public:
  static constexpr std::size_t bound = 128;

  void add(std::int64_t time_ns, std::uint64_t count = 1) {
    constexpr std::int64_t last =
        0xffffffff;  // in 2106; beyond it, or before 1970, clocks are wrong
    const std::int64_t second = std::clamp<std::int64_t>(time_ns / 1'000'000'000, 0, last);
    add_stretch(static_cast<std::uint32_t>(second), 0, count);
  }
  void merge(const BusiestSecond& other) {
    while (x_doublings < other.x_doublings) double_stretches();
    for (const auto& [place, count] : other.x_stretches) {
      add_stretch(place, other.x_doublings, count);
    }
  }
  [[nodiscard]] std::uint64_t most() const {
    std::uint64_t most = 0;
    for (const Stretch& stretch : x_stretches) most = std::max<std::uint64_t>(most, stretch.count);
    return most >> x_doublings;
  }

 private:
  struct Stretch {
    std::uint32_t place = 0;  // its first second, in units of its length
    std::uint32_t count = 0;
  };

  /// `place` as of stretches that were doubled so many times. Requires: not more often than these.
  void add_stretch(std::uint32_t place, unsigned doublings, std::uint64_t count) {
    for (;; double_stretches()) {
      const std::uint32_t wanted = place >> (x_doublings - doublings);
      const auto at = find(wanted);
      const bool is_new = at == x_stretches.end() || at->place != wanted;
      if (is_new && x_stretches.size() == bound) continue;
      count_in(is_new ? *x_stretches.insert(at, {.place = wanted, .count = 0}) : *at, count);
      return;
    }
  }

  static void count_in(Stretch& stretch, std::uint64_t count) {
    constexpr std::uint64_t limit = 0xffffffff;
    stretch.count = static_cast<std::uint32_t>(std::min(limit, stretch.count + count));
  }

  /// The first that isn't before; events mostly come in the order of time.
  [[nodiscard]] std::vector<Stretch>::iterator find(std::uint32_t place) {
    if (!x_stretches.empty() && x_stretches.back().place < place) return x_stretches.end();
    return std::ranges::lower_bound(x_stretches, place, {}, &Stretch::place);
  }

  void double_stretches() {
    ++x_doublings;
    std::size_t kept = 0;
    for (const auto& [place, count] : x_stretches) {
      if (kept != 0 && x_stretches[kept - 1].place == place / 2) {
        count_in(x_stretches[kept - 1], count);
      } else {
        x_stretches[kept++] = {.place = place / 2, .count = count};
      }
    }
    x_stretches.resize(kept);
  }

  std::vector<Stretch> x_stretches;  // those with any, ordered
  unsigned x_doublings = 0;
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

/// How many different values there were. One value alone takes little room.
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
  [[nodiscard]] DistinctValues values() const {
    DistinctValues all;
    if (x_others.find() != nullptr) all = *x_others.find();
    if (x_any) all.add(x_first);
    return all;
  }

 private:
  std::uint64_t x_first = 0;  // if x_any
  bool x_any = false;
  Lazily<DistinctValues> x_others;
};

}  // namespace tapdeck
