// The TCP checksum of a datagram that was cut up so small that it lies in another fragment than the
// ports: programs that test whether others put fragments together send such ones.
#pragma once

#include <cstdint>

#include "captures/packet.h"
#include "dissectors/edit/frame_edit.h"
#include "tools/replay/rewriting/fragment_memory.h"

namespace tapdeck {

class SplitChecksum {
 public:
  /// Call when all addresses and ports have been edited. A fragment that comes before the first of
  /// its datagram keeps the sum that it had.
  void apply(const Packet& packet, FrameEdit& edit);

 private:
  /// Of addresses and ports, in the first fragment.
  struct Change {
    std::uint16_t before = 0, after = 0;
  };

  FragmentMemory<Change> x_changes;
};

}  // namespace tapdeck
