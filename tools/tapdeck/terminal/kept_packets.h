// The packets that were captured lately, with their bytes, as many as a fixed amount of memory
// holds: what a connection sent before somebody asked to save it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "captures/packet.h"

namespace tapdeck {

class KeptPackets {
 public:
  static constexpr std::size_t octets_of_chunk = std::size_t{2} << 20U;
  static constexpr std::size_t packets_of_chunk = 16'384;
  static constexpr std::size_t most_chunks = 16;
  static constexpr std::size_t most_octets =
      most_chunks * (octets_of_chunk + packets_of_chunk * sizeof(Packet));

  /// Copies the packets; the oldest give way.
  void add(const PacketBatch& batch);

  /// The oldest first.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const PacketBatch& chunk : x_chunks) {
      for (const Packet& packet : chunk.packets) visit(packet);
    }
  }

 private:
  [[nodiscard]] PacketBatch& chunk_for(std::size_t octets);

  std::deque<PacketBatch> x_chunks;
};

}  // namespace tapdeck
