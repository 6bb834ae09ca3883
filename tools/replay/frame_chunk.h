// Frames ready to be sent, one behind the other in memory of their own: what passes from the thread
// that prepares them to the one that sends.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "captures/packet.h"

namespace tapdeck {

class FrameChunk {
 public:
  static constexpr std::size_t usual_octets = std::size_t{1} << 20U;

  /// An empty chunk has room for any frame.
  [[nodiscard]] bool has_room(std::size_t octets) const {
    return x_frames.empty() || (octets <= x_capacity - x_used && x_frames.size() < most_frames);
  }

  /// Copies the frame's bytes. `side` is the interface that it leaves by. Requires: has_room().
  void add(const Packet& frame, std::uint8_t side) {
    if (frame.bytes.size() > x_capacity - x_used) grow(frame.bytes.size());
    std::byte* const place = x_octets.get() + x_used;
    std::ranges::copy(frame.bytes, place);
    x_used += frame.bytes.size();
    x_frames.push_back(frame);
    x_frames.back().bytes = {place, frame.bytes.size()};
    x_sides.push_back(side);
  }

  void clear() {
    x_frames.clear();
    x_sides.clear();
    x_used = 0;
  }

  [[nodiscard]] std::span<const Packet> frames() const { return x_frames; }
  [[nodiscard]] std::uint8_t side_of(std::size_t index) const { return x_sides[index]; }
  [[nodiscard]] std::size_t memory_octets() const {
    return x_capacity + x_frames.capacity() * (sizeof(Packet) + 1);
  }

 private:
  static constexpr std::size_t most_frames = usual_octets / 64;

  /// Requires: no frames, whose bytes would move.
  void grow(std::size_t octets) {
    x_capacity = std::max(octets, usual_octets);
    x_octets = std::make_unique_for_overwrite<std::byte[]>(x_capacity);
    x_used = 0;
  }

  std::unique_ptr<std::byte[]> x_octets;
  std::size_t x_capacity = 0;
  std::size_t x_used = 0;
  std::vector<Packet> x_frames;
  std::vector<std::uint8_t> x_sides;
};

}  // namespace tapdeck
