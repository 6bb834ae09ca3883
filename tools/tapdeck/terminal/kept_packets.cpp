#include "tools/tapdeck/terminal/kept_packets.h"

#include <utility>

namespace tapdeck {

void KeptPackets::add(const PacketBatch& batch) {
  for (const Packet& packet : batch.packets) {
    if (packet.bytes.size() > octets_of_chunk) continue;
    PacketBatch& chunk = chunk_for(packet.bytes.size());
    const std::size_t at = chunk.buffer.size();
    chunk.buffer.insert(chunk.buffer.end(), packet.bytes.begin(), packet.bytes.end());
    chunk.packets.push_back(packet);
    chunk.packets.back().bytes = Bytes(chunk.buffer).subspan(at);
  }
}

/// Its buffer is as large as it will be from the start: packets point into it.
PacketBatch& KeptPackets::chunk_for(std::size_t octets) {
  if (!x_chunks.empty()) {
    PacketBatch& newest = x_chunks.back();
    const bool has_room = newest.buffer.size() + octets <= octets_of_chunk &&
                          newest.packets.size() < packets_of_chunk;
    if (has_room) return newest;
  }
  PacketBatch next;
  if (x_chunks.size() == most_chunks) {
    next = std::move(x_chunks.front());
    x_chunks.pop_front();
    next.packets.clear();
    next.buffer.clear();
  }
  next.buffer.reserve(octets_of_chunk);
  next.packets.reserve(packets_of_chunk);
  return x_chunks.emplace_back(std::move(next));
}

}  // namespace tapdeck
