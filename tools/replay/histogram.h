// Lengths of time counted in buckets whose width grows with them: however many are added it takes
// the same memory, and a quantile is right to 1.6 %.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace tapdeck {

class Histogram {
 public:
  void add(std::int64_t value) {
    const auto magnitude = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
    ++x_counts[bucket_of(magnitude)];
    ++x_count;
    x_max = std::max(x_max, static_cast<std::int64_t>(magnitude));
  }

  [[nodiscard]] std::uint64_t count() const { return x_count; }
  [[nodiscard]] std::int64_t max() const { return x_max; }

  /// The least value that this share (0 to 1) of all lies at or below; 0 without values.
  [[nodiscard]] std::int64_t quantile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(x_count)));
    std::uint64_t so_far = 0;
    for (std::size_t bucket = 0; bucket < x_counts.size(); ++bucket) {
      so_far += x_counts[bucket];
      if (x_counts[bucket] != 0 && so_far >= wanted) return std::min(end_of(bucket), x_max);
    }
    return x_max;
  }

 private:
  static constexpr unsigned bits = 6;  // 64 buckets for each doubling
  static constexpr std::uint64_t per_doubling = 1U << bits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < per_doubling) return value;
    const auto doublings = static_cast<unsigned>(std::bit_width(value)) - bits - 1;
    return (doublings << bits) + (value >> doublings);
  }

  /// The largest value that falls into the bucket.
  static std::int64_t end_of(std::size_t bucket) {
    if (bucket < per_doubling) return static_cast<std::int64_t>(bucket);
    const auto doublings = (bucket >> bits) - 1;
    const std::uint64_t start = (bucket & (per_doubling - 1)) + per_doubling;
    return static_cast<std::int64_t>(((start + 1) << doublings) - 1);
  }

  std::array<std::uint64_t, (64 - bits) * per_doubling> x_counts{};
  std::uint64_t x_count = 0;
  std::int64_t x_max = 0;
};

}  // namespace tapdeck
