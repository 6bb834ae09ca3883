#include "analyzer/tcp/missing_ranges.h"

namespace tapdeck {

void MissingRanges::remove_lowest(MissingRangeSlab& slab) {
  const SlabIndex lowest = x_head;
  x_head = slab[lowest].next;
  if (x_head == no_slab_index) x_tail = no_slab_index;
  slab.give_back(lowest);
  --x_count;
}

void MissingRanges::make_room(MissingRangeSlab& slab) {
  if (x_count < bound) return;
  remove_lowest(slab);
  ++x_given_up;
}

void MissingRanges::forget_before(MissingRangeSlab& slab, SeqNum position) {
  while (x_count != 0 && precedes(slab[x_head].begin, position)) remove_lowest(slab);
}

void MissingRanges::append(MissingRangeSlab& slab, SeqNum begin, SeqNum end) {
  make_room(slab);
  const SlabIndex index = slab.take();
  slab[index] = {begin, end, no_slab_index};
  if (x_count == 0) {
    x_head = index;
  } else {
    slab[x_tail].next = index;
  }
  x_tail = index;
  ++x_count;
}

void MissingRanges::prepend(MissingRangeSlab& slab, SeqNum begin, SeqNum end) {
  if (x_count == bound) {  // the new one would be the lowest
    ++x_given_up;
    return;
  }
  const SlabIndex index = slab.take();
  slab[index] = {begin, end, x_head};
  x_head = index;
  if (x_count == 0) x_tail = index;
  ++x_count;
}

std::uint32_t MissingRanges::fill(MissingRangeSlab& slab, SeqNum begin, SeqNum end) {
  if (x_count == 0 || at_or_before(slab[x_tail].end, begin)) return 0;
  std::uint32_t filled = 0;
  SlabIndex before = no_slab_index;
  for (SlabIndex index = x_head; index != no_slab_index;) {
    MissingRange& range = slab[index];
    const SlabIndex next = range.next;
    if (at_or_before(end, range.begin)) break;
    const SeqNum from = later(begin, range.begin);
    const SeqNum until = earlier(end, range.end);
    if (!precedes(from, until)) {
      before = index;
      index = next;
      continue;
    }
    filled += until.value - from.value;
    const bool left = precedes(range.begin, from);
    const bool right = precedes(until, range.end);
    if (left && right && x_count < bound) {
      const SlabIndex upper = slab.take();
      slab[upper] = {until, slab[index].end, next};
      slab[index].end = from;
      slab[index].next = upper;
      if (x_tail == index) x_tail = upper;
      ++x_count;
      break;
    }
    if (left) {
      range.end = from;
    } else if (right) {
      range.begin = until;
    } else {
      (before == no_slab_index ? x_head : slab[before].next) = next;
      if (x_tail == index) x_tail = before;
      slab.give_back(index);
      --x_count;
      index = next;
      continue;
    }
    before = index;
    index = next;
  }
  return filled;
}

std::uint32_t MissingRanges::count_beginning_in(const MissingRangeSlab& slab, SeqNum begin,
                                                SeqNum end) const {
  if (x_count == 0 || precedes(slab[x_tail].begin, begin)) return 0;
  std::uint32_t count = 0;
  for (SlabIndex index = x_head; index != no_slab_index; index = slab[index].next) {
    const SeqNum position = slab[index].begin;
    if (at_or_before(end, position)) break;
    if (at_or_before(begin, position)) ++count;
  }
  return count;
}

void MissingRanges::clear(MissingRangeSlab& slab) {
  for (SlabIndex index = x_head; index != no_slab_index;) {
    const SlabIndex next = slab[index].next;
    slab.give_back(index);
    index = next;
  }
  *this = {};
}

}  // namespace tapdeck
