// The captures that replaying is measured with: UDP frames to nobody, at even distances.
#pragma once

#include <cstdint>
#include <string>

namespace tapdeck {

enum class FrameSizes : std::uint8_t {
  equal,  // 100 octets
  small,  // 60 to 124
  mixed,  // half of them small, a quarter 125 to 1200, a quarter 1514
};

struct ReplayCapture {
  FrameSizes sizes{};
  std::uint64_t packets = 0;
  std::int64_t gap_ns = 1'000;  // a multiple: times are written in microseconds
};

/// The same octets for the same wish. Throws Failure(unwritable_output).
void write_replay_capture(const std::string& path, const ReplayCapture& wish);

}  // namespace tapdeck
