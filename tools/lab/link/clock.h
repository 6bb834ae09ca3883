// The lab's clock.
#pragma once

#include <cstdint>

namespace tapdeck {

inline constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

/// Nanoseconds since the epoch; never goes backwards, whatever is done to the system's clock.
[[nodiscard]] std::int64_t now_ns();

}  // namespace tapdeck
