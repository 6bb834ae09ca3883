// Thresholds that more than one family goes by.
#pragma once

#include <cstdint>

namespace tapdeck {

/// RFC 6298 section 2.1: before a round trip is known, the timer runs for a second.
inline constexpr std::int64_t initial_timeout_ns = 1'000'000'000;
/// RFC 6298 section 2.4: once it is known, for no less.
inline constexpr std::int64_t least_timeout_ns = 1'000'000'000;

/// The greatest window that can be told without RFC 7323's scale; octets.
inline constexpr std::uint32_t unscaled_window = 65'535;

/// A SYN+ACK is late that took longer than both this and so many times what is usual.
inline constexpr std::int64_t slow_answer_ns = 1'000'000'000;
inline constexpr std::int64_t slow_answer_factor = 5;

}  // namespace tapdeck
