// Random numbers that are the same for a seed on every machine: integers only.
#pragma once

#include <cstdint>

namespace tapdeck {

/// Scrambles a number so that neighbours have nothing in common (the finaliser of SplitMix64).
[[nodiscard]] constexpr std::uint64_t scramble(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

/// SplitMix64.
class TrafficRandom {
 public:
  explicit constexpr TrafficRandom(std::uint64_t seed) : x_state(seed) {}

  [[nodiscard]] constexpr std::uint64_t next() {
    x_state += 0x9e3779b97f4a7c15U;
    return scramble(x_state);
  }

  /// From 0 to limit - 1. Requires: limit > 0.
  [[nodiscard]] constexpr std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>(((next() >> 32U) * limit) >> 32U);
  }

  [[nodiscard]] constexpr bool chance(std::uint32_t per_million) {
    return below(1'000'000) < per_million;
  }

 private:
  std::uint64_t x_state;
};

}  // namespace tapdeck
