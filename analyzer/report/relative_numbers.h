// Sequence numbers of one side for people: counted from its SYN, and on beyond 2^32.
#pragma once

#include <cstdint>

#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

class RelativeNumbers {
 public:
  [[nodiscard]] bool is_anchored() const { return x_anchored; }

  /// This number is 0 from now on.
  void anchor(SeqNum zero) {
    x_anchored = true;
    x_newest = zero;
    x_newest_relative = 0;
  }

  /// By the shorter way round from the newest position noted; negative before the anchor.
  [[nodiscard]] std::int64_t of(SeqNum position) const {
    return x_newest_relative + (position - x_newest);
  }

  /// From the newest position noted up to this one; 0 if it isn't later.
  [[nodiscard]] std::uint32_t octets_before(SeqNum position) const {
    const std::int32_t distance = position - x_newest;
    return distance > 0 ? static_cast<std::uint32_t>(distance) : 0;
  }

  /// The side sent bytes up to here.
  void note(SeqNum position) {
    if (!precedes(x_newest, position)) return;
    x_newest_relative = of(position);
    x_newest = position;
  }

 private:
  bool x_anchored = false;
  SeqNum x_newest;
  std::int64_t x_newest_relative = 0;
};

}  // namespace tapdeck
