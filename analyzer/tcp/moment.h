// When a segment was captured.
#pragma once

#include <cstdint>

namespace tapdeck {

struct Moment {
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
};

}  // namespace tapdeck
