#include "analyzer/anomalies/distinct_values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>

namespace tapdeck {
namespace {

/// One to one, so that what is exact of the mixed values is exact of the values (splitmix64).
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ value >> 30U) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27U) * 0x94d049bb133111eb;
  return value ^ value >> 31U;
}

/// x + x^2 + 2 x^4 + 4 x^8 …: what registers hold that are still empty. Requires: 0 <= x <= 1.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double sum = x;
  for (double factor = 1, before = -1; sum != before; factor *= 2) {
    x *= x;
    before = sum;
    sum += x * factor;
  }
  return sum;
}

/// The same for registers that hold no more. Requires: 0 <= x <= 1.
double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double sum = 1 - x;
  for (double factor = 0.5, before = -1; sum != before; factor /= 2) {
    x = std::sqrt(x);
    before = sum;
    sum -= (1 - x) * (1 - x) * factor;
  }
  return sum / 3;
}

}  // namespace

void DistinctValues::add(std::uint64_t value) { add_mixed(mix(value)); }

void DistinctValues::add_mixed(std::uint64_t mixed) {
  if (is_exact()) {
    const auto known = std::span(x_words).first(x_count);
    if (std::ranges::find(known, mixed) != known.end()) return;
    if (x_count < exact) {
      x_words[x_count++] = mixed;
      return;
    }
    begin_to_estimate();
  }
  raise_for(mixed);
}

void DistinctValues::merge(const DistinctValues& other) {
  if (other.is_exact()) {
    for (const std::uint64_t mixed : std::span(other.x_words).first(other.x_count)) {
      add_mixed(mixed);
    }
    return;
  }
  if (is_exact()) begin_to_estimate();
  for (std::size_t place = 0; place < registers; ++place) raise(place, other.at(place));
}

void DistinctValues::begin_to_estimate() {
  const auto values = x_words;
  const std::size_t count = x_count;
  x_words = {};
  x_count = exact + 1;
  for (const std::uint64_t mixed : std::span(values).first(count)) raise_for(mixed);
}

void DistinctValues::raise_for(std::uint64_t mixed) {
  raise(mixed % registers, std::min<std::uint64_t>(std::countl_zero(mixed) + 1U, greatest));
}

void DistinctValues::raise(std::size_t place, std::uint64_t to) {
  const std::size_t shift = place % registers_of_word * register_bits;
  const std::uint64_t now = at(place);
  if (to > now) x_words[place / registers_of_word] ^= (now ^ to) << shift;
}

std::uint64_t DistinctValues::at(std::size_t place) const {
  const std::size_t shift = place % registers_of_word * register_bits;
  return x_words[place / registers_of_word] >> shift & greatest;
}

std::uint64_t DistinctValues::count() const { return is_exact() ? x_count : estimate(); }

/// O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6:
/// without bias for few values and for many.
std::uint64_t DistinctValues::estimate() const {
  std::array<double, greatest + 1> holding{};  // so many registers hold the index
  for (std::size_t place = 0; place < registers; ++place) ++holding[at(place)];
  constexpr double all = registers;
  double sum = all * tau(1 - holding[greatest] / all);
  for (std::size_t held = greatest - 1; held > 0; --held) sum = (sum + holding[held]) / 2;
  sum += all * sigma(holding[0] / all);
  const double scale = 1 / (2 * std::log(2.0));
  return static_cast<std::uint64_t>(std::llround(scale * all * all / sum));
}

}  // namespace tapdeck
