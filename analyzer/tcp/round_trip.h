// The time from this capture point to one endpoint and back: its least, a smoothed estimate as the
// sender's own (RFC 6298), and its distribution.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "analyzer/flow/slab.h"

namespace tapdeck {

/// Counts of samples by size, 32 steps to each doubling, so that a value is known to within 2 %.
/// Round trips of one connection lie close together: half a doubling is kept in one record.
struct RoundTripCounts {
  static constexpr std::size_t steps = 32;
  static constexpr std::size_t size = steps / 2;
  static constexpr std::size_t doublings = 42;  // 1 ns to more than an hour
  static constexpr std::size_t records = doublings * 2;

  std::array<std::uint16_t, size> counts{};  // all of one distribution are halved when one is full
  std::uint16_t place = 0;                   // its buckets begin at place * size
  SlabIndex next = no_slab_index;

  [[nodiscard]] static std::size_t bucket_of(std::int64_t ns) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(ns, steps));
    const auto doubling = static_cast<std::size_t>(std::bit_width(value)) - 1;
    const std::size_t step = value >> (doubling - 5U) & (steps - 1);
    return std::min(doubling * steps + step, doublings * steps - 1);
  }
  /// The middle of what falls into a bucket.
  [[nodiscard]] static std::int64_t value_of(std::size_t bucket) {
    const std::size_t doubling = bucket / steps;
    const std::int64_t unit = std::int64_t{1} << (doubling < 5 ? 0 : doubling - 5);
    return unit * static_cast<std::int64_t>(steps + bucket % steps) + unit / 2;
  }
};

using RoundTripSlab = Slab<RoundTripCounts>;

class RoundTrip {
 public:
  void add(RoundTripSlab& slab, std::int64_t ns);
  /// A bound from above, by other evidence: counts for the least only.
  void note_at_most(std::int64_t ns) { x_least = std::min(x_least, std::max<std::int64_t>(ns, 0)); }

  [[nodiscard]] bool known() const { return x_least != unknown; }
  [[nodiscard]] std::uint32_t samples() const { return x_samples; }
  /// 0 where nothing is known.
  [[nodiscard]] std::int64_t least() const { return known() ? x_least : 0; }
  [[nodiscard]] std::int64_t greatest() const { return x_greatest; }
  [[nodiscard]] std::int64_t smoothed() const { return x_smoothed; }
  [[nodiscard]] std::int64_t variation() const { return x_variation; }
  /// Behind the last of its members that every sample changes.
  [[nodiscard]] const void* hot_end() const { return &x_first; }
  /// Asks memory for where the next sample will probably be counted.
  void prefetch(const RoundTripSlab& slab) const {
    if (x_counts != no_slab_index) prefetch_lines(&slab[x_counts], &slab[x_counts] + 1);
  }
  /// No more samples: works the two quantiles out and gives the counts back.
  void conclude(RoundTripSlab& slab);
  /// Known once concluded, if there were samples.
  [[nodiscard]] std::int64_t median() const { return x_first[0]; }
  [[nodiscard]] std::int64_t percentile_95() const { return x_first[1]; }

 private:
  void count(RoundTripSlab& slab, std::int64_t ns);
  /// Requires: that record isn't the first one.
  void bring_forward(RoundTripSlab& slab, std::uint16_t place);
  void halve(RoundTripSlab& slab);
  /// The value that `share` of the samples don't exceed. Requires: samples() > 0.
  [[nodiscard]] std::int64_t quantile(const RoundTripSlab& slab, double share) const;
  [[nodiscard]] std::int64_t exact_quantile(double share) const;

  static constexpr std::int64_t unknown = INT64_MAX;
  static constexpr std::size_t kept_exactly = 4;

  std::int64_t x_least = unknown;
  std::int64_t x_greatest = 0;
  std::int64_t x_smoothed = 0;
  std::int64_t x_variation = 0;
  std::uint32_t x_samples = 0;
  SlabIndex x_counts = no_slab_index;  // once there are more than are kept exactly
  std::array<std::int64_t, kept_exactly> x_first{};
  bool x_concluded = false;
};

}  // namespace tapdeck
