#include "analyzer/tcp/sequence_ranges.h"

namespace tapdeck {

std::uint32_t SequenceRanges::add(SequenceRangeSlab& slab, SeqNum begin, SeqNum end) {
  SlabIndex before = no_slab_index;
  SlabIndex at = x_head;
  while (at != no_slab_index && precedes(slab[at].end, begin)) {
    before = at;
    at = slab[at].next;
  }
  if (at != no_slab_index && at_or_before(slab[at].begin, begin) &&
      at_or_before(end, slab[at].end)) {
    return 0;
  }
  std::uint32_t held = 0;
  SeqNum from = begin;
  SeqNum until = end;
  while (at != no_slab_index && at_or_before(slab[at].begin, end)) {  // joined by the new one
    held += slab[at].end.value - slab[at].begin.value;
    from = earlier(from, slab[at].begin);
    until = later(until, slab[at].end);
    const SlabIndex next = slab[at].next;
    slab.give_back(at);
    --x_count;
    at = next;
  }
  if (x_count == bound) {
    ++x_given_up;
    return 0;
  }
  const SlabIndex fresh = slab.take();
  slab[fresh] = {from, until, at};
  (before == no_slab_index ? x_head : slab[before].next) = fresh;
  ++x_count;
  const std::uint32_t added = until.value - from.value - held;
  x_octets += added;
  return added;
}

bool SequenceRanges::contains(const SequenceRangeSlab& slab, SeqNum begin, SeqNum end) const {
  for (SlabIndex at = x_head; at != no_slab_index; at = slab[at].next) {
    if (at_or_before(end, slab[at].begin)) return false;
    if (at_or_before(slab[at].begin, begin) && at_or_before(end, slab[at].end)) return true;
  }
  return false;
}

std::uint32_t SequenceRanges::octets_above(const SequenceRangeSlab& slab, SeqNum position) const {
  std::uint32_t above = 0;
  for (SlabIndex at = x_head; at != no_slab_index; at = slab[at].next) {
    const SequenceRange& range = slab[at];
    if (precedes(position, range.end)) {
      above += range.end.value - later(position, range.begin).value;
    }
  }
  return above;
}

SeqNum SequenceRanges::highest(const SequenceRangeSlab& slab) const {
  SlabIndex at = x_head;
  while (slab[at].next != no_slab_index) at = slab[at].next;
  return slab[at].end;
}

void SequenceRanges::forget_before(SequenceRangeSlab& slab, SeqNum position) {
  while (x_head != no_slab_index && precedes(slab[x_head].begin, position)) {
    SequenceRange& lowest = slab[x_head];
    if (precedes(position, lowest.end)) {
      x_octets -= position.value - lowest.begin.value;
      lowest.begin = position;
      return;
    }
    x_octets -= lowest.end.value - lowest.begin.value;
    const SlabIndex next = lowest.next;
    slab.give_back(x_head);
    --x_count;
    x_head = next;
  }
}

void SequenceRanges::release(SequenceRangeSlab& slab) {
  for (SlabIndex at = x_head; at != no_slab_index;) {
    const SlabIndex next = slab[at].next;
    slab.give_back(at);
    at = next;
  }
  const std::uint32_t given_up = x_given_up;
  *this = {};
  x_given_up = given_up;
}

}  // namespace tapdeck
