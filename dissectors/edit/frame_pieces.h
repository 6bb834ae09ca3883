// The frames that one frame was cut into, one behind the other in memory that is used again.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "captures/bytes.h"

namespace tapdeck {

class FramePieces {
 public:
  void clear() {
    x_octets.clear();
    x_ends.clear();
  }

  /// One more, its header copied and `payload` behind it. Good until the next call.
  std::span<std::byte> add(Bytes header, Bytes payload) {
    const std::size_t begin = x_octets.size();
    x_octets.insert(x_octets.end(), header.begin(), header.end());
    x_octets.insert(x_octets.end(), payload.begin(), payload.end());
    x_ends.push_back(x_octets.size());
    return std::span(x_octets).subspan(begin);
  }

  [[nodiscard]] std::size_t size() const { return x_ends.size(); }
  /// Good until the next add(). Requires: index < size().
  [[nodiscard]] Bytes operator[](std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : x_ends[index - 1];
    return Bytes(x_octets).subspan(begin, x_ends[index] - begin);
  }

 private:
  std::vector<std::byte> x_octets;
  std::vector<std::size_t> x_ends;
};

}  // namespace tapdeck
