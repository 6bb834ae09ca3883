// Sends small frames on an interface at a steady rate, numbered, so that whoever captures them can
// be checked: for tests and benchmarks, on a wire of their own.
#pragma once

#include <cstdint>
#include <string>

namespace tapdeck {

struct SendOptions {
  std::string interface;
  std::uint64_t rate = 100'000;  // frames a second; 0: as many as go
  std::uint64_t frames = 100'000;
  std::uint64_t flows = 100;  // UDP conversations, from ports 10000 on to port 9
};

struct Sent {
  std::uint64_t frames = 0;
  double seconds = 0;
  std::uint64_t refused = 0;  // by an interface that was full; they were tried again
};

/// Frames of 64 octets, from 192.0.2.1 to 192.0.2.2. Throws Failure if the interface can't be sent
/// on.
[[nodiscard]] Sent send_frames(const SendOptions& options);

}  // namespace tapdeck
