// The ranges of one endpoint's sequence space that were passed over and not seen yet: ordered,
// apart from each other, bounded. Most connections never have one, so the nodes come from a slab.
#pragma once

#include <cstdint>

#include "analyzer/flow/slab.h"
#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

struct MissingRange {
  SeqNum begin;
  SeqNum end;  // after the last octet
  SlabIndex next = no_slab_index;
};

using MissingRangeSlab = Slab<MissingRange>;

class MissingRanges {
 public:
  /// Ranges kept for one endpoint; past it the lowest is given up.
  static constexpr std::uint16_t bound = 1024;

  [[nodiscard]] bool empty() const { return x_count == 0; }
  [[nodiscard]] std::uint16_t count() const { return x_count; }
  /// Ranges given up at the bound: what fills them later counts as seen before.
  [[nodiscard]] std::uint32_t given_up() const { return x_given_up; }

  /// [begin, end) was passed over. Requires: it lies above every range, or below every range.
  void append(MissingRangeSlab& slab, SeqNum begin, SeqNum end);
  void prepend(MissingRangeSlab& slab, SeqNum begin, SeqNum end);

  /// [begin, end) was seen: returns how many octets of it were missing, and removes them.
  std::uint32_t fill(MissingRangeSlab& slab, SeqNum begin, SeqNum end);

  /// How many ranges begin in [begin, end).
  [[nodiscard]] std::uint32_t count_beginning_in(const MissingRangeSlab& slab, SeqNum begin,
                                                 SeqNum end) const;

  /// Forgets the ranges that begin before `position`: nothing can fill them any more.
  void forget_before(MissingRangeSlab& slab, SeqNum position);

  void clear(MissingRangeSlab& slab);

 private:
  void make_room(MissingRangeSlab& slab);
  void remove_lowest(MissingRangeSlab& slab);

  SlabIndex x_head = no_slab_index;
  SlabIndex x_tail = no_slab_index;
  std::uint32_t x_given_up = 0;
  std::uint16_t x_count = 0;
};

}  // namespace tapdeck
