#include "analyzer/tcp/round_trip.h"

#include <cmath>

namespace tapdeck {
namespace {

/// The how manieth sample, from 1, `share` of `samples` don't exceed.
std::uint64_t rank_of(double share, std::uint64_t samples) {
  return std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(samples))));
}

}  // namespace

void RoundTrip::halve(RoundTripSlab& slab) {
  for (SlabIndex index = x_counts; index != no_slab_index; index = slab[index].next) {
    for (std::uint16_t& each : slab[index].counts) each = static_cast<std::uint16_t>(each / 2U);
  }
}

/// The record at `place` becomes the first one: the next sample will probably need it too.
void RoundTrip::bring_forward(RoundTripSlab& slab, std::uint16_t place) {
  SlabIndex before = no_slab_index;
  SlabIndex index = x_counts;
  while (index != no_slab_index && slab[index].place != place) {
    before = index;
    index = slab[index].next;
  }
  if (index == no_slab_index) {
    index = slab.take();
    slab[index].place = place;
  } else {
    slab[before].next = slab[index].next;
  }
  slab[index].next = x_counts;
  x_counts = index;
}

void RoundTrip::count(RoundTripSlab& slab, std::int64_t ns) {
  const std::size_t bucket = RoundTripCounts::bucket_of(ns);
  const auto place = static_cast<std::uint16_t>(bucket / RoundTripCounts::size);
  if (x_counts == no_slab_index || slab[x_counts].place != place) bring_forward(slab, place);
  std::uint16_t& counted = slab[x_counts].counts[bucket % RoundTripCounts::size];
  if (counted == UINT16_MAX) halve(slab);
  ++counted;
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
    if (x_samples == kept_exactly) {
      for (const std::int64_t early : x_first) count(slab, early);
    }
    count(slab, ns);
  }
  if (x_samples != UINT32_MAX) ++x_samples;
}

std::int64_t RoundTrip::exact_quantile(double share) const {
  auto sorted = x_first;
  std::sort(sorted.begin(), sorted.begin() + x_samples);
  return sorted[rank_of(share, x_samples) - 1];
}

std::int64_t RoundTrip::quantile(const RoundTripSlab& slab, double share) const {
  if (x_counts == no_slab_index) return exact_quantile(share);
  std::array<const RoundTripCounts*, RoundTripCounts::records> records{};
  std::uint64_t all = 0;
  for (SlabIndex index = x_counts; index != no_slab_index; index = slab[index].next) {
    records[slab[index].place] = &slab[index];
    for (const std::uint16_t each : slab[index].counts) all += each;
  }
  const std::uint64_t rank = rank_of(share, all);
  std::uint64_t counted = 0;
  for (const RoundTripCounts* const record : records) {
    if (record == nullptr) continue;
    for (std::size_t i = 0; i < RoundTripCounts::size; ++i) {
      counted += record->counts[i];
      if (counted < rank) continue;
      const std::size_t bucket = record->place * RoundTripCounts::size + i;
      return std::clamp(RoundTripCounts::value_of(bucket), x_least, x_greatest);
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
  while (x_counts != no_slab_index) {
    const SlabIndex next = slab[x_counts].next;
    slab.give_back(x_counts);
    x_counts = next;
  }
  x_concluded = true;
}

}  // namespace tapdeck
