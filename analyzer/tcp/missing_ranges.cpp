#include "analyzer/tcp/missing_ranges.h"

namespace tapdeck {
namespace {

std::uint32_t octets_within(const MissingRange& range, SeqNum begin, SeqNum end) {
  const SeqNum from = later(begin, range.begin);
  const SeqNum until = earlier(end, range.end);
  return precedes(from, until) ? until.value - from.value : 0;
}

}  // namespace

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

void MissingRanges::link(MissingRangeSlab& slab, SlabIndex lower, SlabIndex upper) {
  (lower == no_slab_index ? x_head : slab[lower].next) = upper;
  (upper == no_slab_index ? x_tail : slab[upper].previous) = lower;
}

void MissingRanges::remove_lowest(MissingRangeSlab& slab) {
  const SlabIndex lowest = x_head;
  note_removed(slab, lowest);
  link(slab, no_slab_index, slab[lowest].next);
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
  slab[index] = {.begin = begin, .end = end, .opener = opener, .delivered_ns = opener.time_ns};
  if (opener.delivered) x_delivered_ns = opener.time_ns;
  link(slab, x_tail, index);
  link(slab, index, no_slab_index);
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
  slab[index] = {.begin = begin, .end = end, .opener = opener};
  link(slab, index, x_head);
  link(slab, no_slab_index, index);
  ++x_count;
  note_added(slab, index);
}

bool MissingRanges::split(MissingRangeSlab& slab, SlabIndex index, SeqNum position) {
  if (x_count == bound) return false;
  const SlabIndex upper = slab.take();
  slab[upper] = slab[index];
  slab[upper].begin = position;
  slab[index].end = position;
  link(slab, upper, slab[index].next);
  link(slab, index, upper);
  ++x_count;
  note_added(slab, upper);
  return true;
}

SlabIndex MissingRanges::lowest_ending_after(const MissingRangeSlab& slab, SeqNum position) const {
  SlabIndex lowest = no_slab_index;
  for (SlabIndex index = x_tail; index != no_slab_index; index = slab[index].previous) {
    if (at_or_before(slab[index].end, position)) break;
    lowest = index;
  }
  return lowest;
}

MissingRanges::Filled MissingRanges::fill(MissingRangeSlab& slab, SeqNum begin, SeqNum end) {
  Filled filled;
  for (SlabIndex index = lowest_ending_after(slab, begin); index != no_slab_index;) {
    if (at_or_before(end, slab[index].begin)) break;
    const SeqNum from = later(begin, slab[index].begin);
    const SeqNum until = earlier(end, slab[index].end);
    if (filled.octets == 0) filled.opener = slab[index].opener;
    filled.octets += until.value - from.value;
    if (slab[index].opener.delivered) filled.delivered += until.value - from.value;
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
    } else {
      note_removed(slab, index);
      link(slab, slab[index].previous, next);
      slab.give_back(index);
      --x_count;
    }
    index = next;
  }
  return filled;
}

std::uint32_t MissingRanges::octets_in(const MissingRangeSlab& slab, SeqNum begin,
                                       SeqNum end) const {
  std::uint32_t octets = 0;
  for (SlabIndex index = x_tail; index != no_slab_index; index = slab[index].previous) {
    if (at_or_before(slab[index].end, begin)) break;
    octets += octets_within(slab[index], begin, end);
  }
  return octets;
}

std::uint32_t MissingRanges::octets_sent_after(const MissingRangeSlab& slab, SeqNum begin,
                                               SeqNum end, std::int64_t time_ns) const {
  std::uint32_t octets = 0;
  std::uint32_t open = x_open;
  for (SlabIndex index = x_tail; index != no_slab_index; index = slab[index].previous) {
    const MissingRange& range = slab[index];
    if (at_or_before(range.end, begin) || (open == 0 && x_delivered_ns <= time_ns)) break;
    if (!range.opener.delivered) --open;
    if (range.opener.delivered && range.delivered_ns <= time_ns) continue;
    octets += octets_within(range, begin, end);
  }
  return octets;
}

void MissingRanges::remove_highest(MissingRangeSlab& slab) {
  const SlabIndex highest = x_tail;
  note_removed(slab, highest);
  link(slab, slab[highest].previous, no_slab_index);
  slab.give_back(highest);
  --x_count;
}

std::uint32_t MissingRanges::count_beginning_in(const MissingRangeSlab& slab, SeqNum begin,
                                                SeqNum end) const {
  std::uint32_t count = 0;
  for (SlabIndex index = x_tail; index != no_slab_index; index = slab[index].previous) {
    const SeqNum position = slab[index].begin;
    if (precedes(position, begin)) break;
    if (precedes(position, end)) ++count;
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
