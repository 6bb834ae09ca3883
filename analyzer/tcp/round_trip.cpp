#include "analyzer/tcp/round_trip.h"

#include <cmath>
#include <numeric>
#include <span>

namespace tapdeck {

void RoundTripHistogram::add(std::int64_t ns) {
  std::uint16_t& count = counts[bucket_of(ns)];
  if (count == UINT16_MAX) {
    for (std::uint16_t& each : counts) each = static_cast<std::uint16_t>(each / 2U);
  }
  ++count;
}

void RoundTrip::add(RoundTripSlab& slab, std::int64_t ns) {
  constexpr std::int64_t longest = 3'600'000'000'000;  // an hour: more is a clock that was set
  ns = std::clamp<std::int64_t>(ns, 0, longest);
  x_least = std::min(x_least, ns);
  x_greatest = std::max(x_greatest, ns);
  if (x_samples == 0) {
    x_smoothed = ns;
    x_variation = ns / 2;
  } else {
    x_variation += (std::abs(x_smoothed - ns) - x_variation) / 4;
    x_smoothed += (ns - x_smoothed) / 8;
  }
  if (x_samples < kept_exactly) {
    x_first[x_samples] = ns;
  } else {
    if (x_histogram == no_slab_index) {
      x_histogram = slab.take();
      for (const std::int64_t early : x_first) {
        slab[x_histogram].add(early);
      }
    }
    slab[x_histogram].add(ns);
  }
  if (x_samples != UINT32_MAX) ++x_samples;
}

std::int64_t RoundTrip::quantile(const RoundTripSlab& slab, double share) const {
  if (x_histogram == no_slab_index) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * x_samples));
    auto sorted = x_first;
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(x_samples);
    std::sort(sorted.begin(), end);
    return sorted[rank == 0 ? 0 : rank - 1];
  }
  std::uint64_t counted = 0;
  const auto& counts = slab[x_histogram].counts;
  const std::uint64_t all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all)));
  for (std::size_t bucket = 0; bucket < counts.size(); ++bucket) {
    counted += counts[bucket];
    if (counted >= rank) {
      return std::clamp(RoundTripHistogram::value_of(bucket), x_least, x_greatest);
    }
  }
  return x_greatest;
}

void RoundTrip::conclude(RoundTripSlab& slab) {
  if (x_samples == 0 || x_concluded) return;
  const std::int64_t median = quantile(slab, 0.5);
  const std::int64_t percentile_95 = quantile(slab, 0.95);
  x_first[0] = median;
  x_first[1] = percentile_95;
  if (x_histogram != no_slab_index) slab.give_back(x_histogram);
  x_histogram = no_slab_index;
  x_concluded = true;
}

}  // namespace tapdeck
