#include "analyzer/tcp/missing_ranges.h"

namespace tapdeck {

void MissingRanges::note_added(const MissingRangeSlab& slab, SlabIndex index) {
  if (slab[index].opener.delivered) return;
  ++x_open;
  if (x_first_open == no_slab_index || index == x_head) x_first_open = index;
}

void MissingRanges::note_removed(const MissingRangeSlab& slab, SlabIndex index) {
  if (slab[index].opener.delivered) return;
  --x_open;
  if (index != x_first_open) return;
  x_first_open = slab[index].next;
  pass_delivered(slab);
}

void MissingRanges::remove_lowest(MissingRangeSlab& slab) {
  const SlabIndex lowest = x_head;
  note_removed(slab, lowest);
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

void MissingRanges::append(MissingRangeSlab& slab, SeqNum begin, SeqNum end,
                           const GapOpener& opener) {
  make_room(slab);
  const SlabIndex index = slab.take();
  slab[index] = {begin, end, no_slab_index, opener};
  if (x_count == 0) {
    x_head = index;
  } else {
    slab[x_tail].next = index;
  }
  x_tail = index;
  ++x_count;
  note_added(slab, index);
}

void MissingRanges::prepend(MissingRangeSlab& slab, SeqNum begin, SeqNum end,
                            const GapOpener& opener) {
  if (x_count == bound) {  // the new one would be the lowest
    ++x_given_up;
    return;
  }
  const SlabIndex index = slab.take();
  slab[index] = {begin, end, x_head, opener};
  x_head = index;
  if (x_count == 0) x_tail = index;
  ++x_count;
  note_added(slab, index);
}

bool MissingRanges::split(MissingRangeSlab& slab, SlabIndex index, SeqNum position) {
  if (x_count == bound) return false;
  const SlabIndex upper = slab.take();
  slab[upper] = slab[index];
  slab[upper].begin = position;
  slab[index].end = position;
  slab[index].next = upper;
  if (x_tail == index) x_tail = upper;
  ++x_count;
  note_added(slab, upper);
  return true;
}

MissingRanges::Filled MissingRanges::fill(MissingRangeSlab& slab, SeqNum begin, SeqNum end) {
  Filled filled;
  if (x_count == 0 || at_or_before(slab[x_tail].end, begin)) return filled;
  SlabIndex before = no_slab_index;
  for (SlabIndex index = x_head; index != no_slab_index;) {
    if (at_or_before(end, slab[index].begin)) break;
    const SeqNum from = later(begin, slab[index].begin);
    const SeqNum until = earlier(end, slab[index].end);
    if (!precedes(from, until)) {
      before = index;
      index = slab[index].next;
      continue;
    }
    if (filled.octets == 0) filled.opener = slab[index].opener;
    filled.octets += until.value - from.value;
    const bool left = precedes(slab[index].begin, from);
    if (precedes(until, slab[index].end)) {
      if (left && split(slab, index, until)) {
        slab[index].end = from;
      } else {
        (left ? slab[index].end : slab[index].begin) = left ? from : until;
      }
      break;
    }
    const SlabIndex next = slab[index].next;
    if (left) {
      slab[index].end = from;
      before = index;
    } else {
      note_removed(slab, index);
      (before == no_slab_index ? x_head : slab[before].next) = next;
      if (x_tail == index) x_tail = before;
      slab.give_back(index);
      --x_count;
    }
    index = next;
  }
  return filled;
}

std::uint32_t MissingRanges::octets_in(const MissingRangeSlab& slab, SeqNum begin,
                                       SeqNum end) const {
  if (x_count == 0 || at_or_before(slab[x_tail].end, begin)) return 0;
  std::uint32_t octets = 0;
  for (SlabIndex index = x_head; index != no_slab_index; index = slab[index].next) {
    const SeqNum from = later(begin, slab[index].begin);
    const SeqNum until = earlier(end, slab[index].end);
    if (precedes(from, until)) octets += until.value - from.value;
  }
  return octets;
}

void MissingRanges::remove_highest(MissingRangeSlab& slab) {
  SlabIndex before = no_slab_index;
  for (SlabIndex index = x_head; index != x_tail; index = slab[index].next) before = index;
  note_removed(slab, x_tail);
  slab.give_back(x_tail);
  x_tail = before;
  (before == no_slab_index ? x_head : slab[before].next) = no_slab_index;
  --x_count;
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
