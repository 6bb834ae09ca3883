// Ranges of sequence space, ordered and apart from each other, few and bounded: what the peer's
// SACKs say it holds (RFC 2018).
#pragma once

#include <cstdint>

#include "analyzer/flow/slab.h"
#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

struct SequenceRange {
  SeqNum begin;
  SeqNum end;  // after the last octet
  SlabIndex next = no_slab_index;
};

using SequenceRangeSlab = Slab<SequenceRange>;

class SequenceRanges {
 public:
  /// Past it new ones are not taken.
  static constexpr std::uint16_t bound = 512;

  [[nodiscard]] bool empty() const { return x_head == no_slab_index; }

  /// Octets of [begin, end) that were in no range before.
  std::uint32_t add(SequenceRangeSlab& slab, SeqNum begin, SeqNum end);

  [[nodiscard]] bool contains(const SequenceRangeSlab& slab, SeqNum begin, SeqNum end) const;
  /// In their order.
  template <class Visit>
  void for_each(const SequenceRangeSlab& slab, Visit visit) const {
    for (SlabIndex index = x_head; index != no_slab_index; index = slab[index].next) {
      visit(slab[index]);
    }
  }
  /// Octets that lie in ranges.
  [[nodiscard]] std::uint32_t octets() const { return x_octets; }
  [[nodiscard]] std::uint32_t octets_above(const SequenceRangeSlab& slab, SeqNum position) const;
  /// End of the highest range. Requires: not empty.
  [[nodiscard]] SeqNum highest(const SequenceRangeSlab& slab) const;

  void forget_before(SequenceRangeSlab& slab, SeqNum position);
  /// Forgets all; what was given up stays counted.
  void release(SequenceRangeSlab& slab);
  [[nodiscard]] std::uint32_t given_up() const { return x_given_up; }

 private:
  SlabIndex x_head = no_slab_index;
  std::uint32_t x_octets = 0;
  std::uint32_t x_given_up = 0;
  std::uint16_t x_count = 0;
};

}  // namespace tapdeck
