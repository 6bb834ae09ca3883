// Time stamps of any resolution, in nanoseconds, without overflow.
#include <algorithm>
#include <limits>

#include "captures/pcapng_format.h"

namespace tapdeck::pcapng {
namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr std::int64_t largest_seconds =
    std::numeric_limits<std::int64_t>::max() / nanoseconds_per_second - 1;
constexpr std::uint8_t binary_flag = 0x80;

struct SplitTime {
  std::uint64_t seconds = 0;
  std::uint64_t nanoseconds = 0;
};

std::uint64_t power_of_ten(unsigned exponent) {
  std::uint64_t power = 1;
  for (; exponent > 0; --exponent) {
    power *= 10;
  }
  return power;
}

SplitTime split_decimal(std::uint64_t count, unsigned exponent) {
  constexpr unsigned largest_exponent = 19;  // 10^20 is over 64 bits
  if (exponent > largest_exponent) {
    return {.nanoseconds =
                exponent - 9 > largest_exponent ? 0 : count / power_of_ten(exponent - 9)};
  }
  const std::uint64_t unit = power_of_ten(exponent);
  const std::uint64_t fraction = count % unit;
  return {.seconds = count / unit,
          .nanoseconds = exponent <= 9 ? fraction * power_of_ten(9 - exponent)
                                       : fraction / power_of_ten(exponent - 9)};
}

SplitTime split_binary(std::uint64_t count, unsigned exponent) {
  // More bits than these of the fraction would overflow below, and are far under a nanosecond.
  constexpr unsigned kept_bits = 34;
  if (exponent >= 64 + kept_bits) {
    return {};
  }
  const std::uint64_t seconds = exponent < 64 ? count >> exponent : 0;
  std::uint64_t fraction = exponent < 64 ? count - (seconds << exponent) : count;
  const unsigned dropped = exponent > kept_bits ? exponent - kept_bits : 0;
  fraction = dropped < 64 ? fraction >> dropped : 0;
  return {
      .seconds = seconds,
      .nanoseconds = (fraction * std::uint64_t{nanoseconds_per_second}) >> (exponent - dropped)};
}

}  // namespace

TimeScale::TimeScale(std::uint8_t resolution, std::int64_t offset_seconds)
    : x_resolution(resolution),
      x_offset_seconds(std::clamp(offset_seconds, -largest_seconds, largest_seconds)) {
  constexpr std::int64_t quick_seconds = largest_seconds / 2;
  const bool offset_is_small =
      x_offset_seconds <= quick_seconds && x_offset_seconds >= -quick_seconds;
  if (resolution <= 9 && offset_is_small) {
    x_nanoseconds_per_count = static_cast<std::int64_t>(power_of_ten(9U - resolution));
    x_quick_counts = static_cast<std::uint64_t>(quick_seconds) * power_of_ten(resolution);
    x_offset_ns = x_offset_seconds * nanoseconds_per_second;
  }
}

std::int64_t TimeScale::slow_nanoseconds(std::uint64_t count) const {
  const bool negative = (count >> 63) != 0;
  const std::uint64_t magnitude = negative ? ~count + 1 : count;
  const unsigned exponent = x_resolution & ~unsigned{binary_flag};
  const SplitTime split = (x_resolution & binary_flag) != 0 ? split_binary(magnitude, exponent)
                                                            : split_decimal(magnitude, exponent);
  const auto seconds = static_cast<std::int64_t>(
      std::min<std::uint64_t>(split.seconds, static_cast<std::uint64_t>(largest_seconds)));
  const auto nanoseconds = static_cast<std::int64_t>(split.nanoseconds);
  const std::int64_t total_seconds = std::clamp((negative ? -seconds : seconds) + x_offset_seconds,
                                                -largest_seconds, largest_seconds);
  return total_seconds * nanoseconds_per_second + (negative ? -nanoseconds : nanoseconds);
}

std::uint8_t TimeScale::digits() const {
  constexpr unsigned most = 9;
  const unsigned exponent = x_resolution & ~unsigned{binary_flag};
  if ((x_resolution & binary_flag) == 0) {
    return static_cast<std::uint8_t>(std::min(exponent, most));
  }
  constexpr unsigned thousandths_of_a_digit_per_bit = 302;  // log10(2), rounded up
  return static_cast<std::uint8_t>(
      std::min((exponent * thousandths_of_a_digit_per_bit + 999) / 1000, most));
}

}  // namespace tapdeck::pcapng
