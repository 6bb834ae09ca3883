// A set of octets in sequence space, kept as disjoint ranges. Positions are unwrapped: they don't
// start over at 2^32.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

namespace tapdeck {

/// From `begin` to `end`, the end left out.
struct SequenceRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  [[nodiscard]] bool empty() const { return begin >= end; }
  [[nodiscard]] bool overlaps(const SequenceRange& other) const {
    return begin < other.end && other.begin < end;
  }
  friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

class SequenceSet {
 public:
  void add(SequenceRange range) {
    if (range.empty()) return;
    auto next = x_ranges.upper_bound(range.end);
    while (next != x_ranges.begin()) {
      const auto before = std::prev(next);
      if (before->second < range.begin) break;
      range.begin = std::min(range.begin, before->first);
      range.end = std::max(range.end, before->second);
      next = x_ranges.erase(before);
    }
    x_ranges.emplace(range.begin, range.end);
  }

  [[nodiscard]] bool overlaps(const SequenceRange& range) const {
    if (range.empty()) return false;
    const auto next = x_ranges.lower_bound(range.end);
    return next != x_ranges.begin() && std::prev(next)->second > range.begin;
  }

  [[nodiscard]] bool covers(const SequenceRange& range) const {
    if (range.empty()) return true;
    const auto next = x_ranges.upper_bound(range.begin);
    return next != x_ranges.begin() && std::prev(next)->second >= range.end;
  }

  /// The end of the range that begins at or before `position` and reaches it; else `position`.
  [[nodiscard]] std::int64_t end_of_run(std::int64_t position) const {
    const auto next = x_ranges.upper_bound(position);
    if (next == x_ranges.begin()) return position;
    return std::max(position, std::prev(next)->second);
  }

 private:
  std::map<std::int64_t, std::int64_t> x_ranges;  // begin to end
};

}  // namespace tapdeck
