// The ranges of one endpoint's sequence space that were passed over and not seen yet: ordered,
// apart from each other, bounded. Most connections never have one, so the nodes come from a slab.
#pragma once

#include <cstdint>

#include "analyzer/flow/slab.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

/// The segment that showed a gap: the first above it, or the peer's acknowledgment of it.
struct GapOpener {
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t ip_id = 0;
  bool by_ack = false;     // an acknowledgment showed it: the marks are of another host
  bool delivered = false;  // acknowledged or SACKed while it was missing here
};

struct MissingRange {
  SeqNum begin;
  SeqNum end;  // after the last octet
  SlabIndex next = no_slab_index;
  SlabIndex previous = no_slab_index;
  GapOpener opener;
  /// The first word of the peer on it: that it holds it, if opener.delivered, or else that it
  /// lacks it. 0: none.
  std::uint64_t evidence_frame = 0;
  std::int64_t delivered_ns = 0;  // when the peer said last that it holds it, if opener.delivered
};

using MissingRangeSlab = Slab<MissingRange>;

class MissingRanges {
 public:
  /// Ranges kept for one endpoint; past it the lowest is given up.
  static constexpr std::uint16_t bound = 1024;

  [[nodiscard]] bool empty() const { return x_count == 0; }
  /// The peer holds them all, as far as there are any.
  [[nodiscard]] bool all_delivered() const { return x_open == 0; }
  [[nodiscard]] std::uint16_t count() const { return x_count; }
  /// Ranges given up at the bound: what fills them later counts as seen before.
  [[nodiscard]] std::uint32_t given_up() const { return x_given_up; }

  /// [begin, end) was passed over. Requires: it lies above every range, or below every range.
  void append(MissingRangeSlab& slab, SeqNum begin, SeqNum end, const GapOpener& opener);
  void prepend(MissingRangeSlab& slab, SeqNum begin, SeqNum end, const GapOpener& opener);

  struct Filled {
    std::uint32_t octets = 0;
    std::uint32_t delivered = 0;  // of these, what the peer had said before that it holds
    GapOpener opener;             // of the lowest range that it touched, if octets isn't 0
  };

  /// [begin, end) was seen: says what of it was missing, and removes that.
  Filled fill(MissingRangeSlab& slab, SeqNum begin, SeqNum end);

  /// The peer holds [begin, end), as it says `now`: what of it is missing here was not captured.
  /// Calls visit(range) for each part that wasn't known to be delivered.
  template <class Visit>
  void note_delivered(MissingRangeSlab& slab, SeqNum begin, SeqNum end, Moment now, Visit visit) {
    SlabIndex index = x_first_open;
    for (std::uint32_t left = x_open; left != 0; index = slab[index].next) {
      if (at_or_before(end, slab[index].begin)) break;
      if (slab[index].opener.delivered) continue;
      --left;
      if (at_or_before(slab[index].end, begin)) continue;
      if (precedes(slab[index].begin, begin)) {
        if (!split(slab, index, begin)) break;
        ++left;
        continue;
      }
      if (precedes(end, slab[index].end) && !split(slab, index, end)) break;
      slab[index].opener.delivered = true;
      slab[index].evidence_frame = now.frame;
      slab[index].delivered_ns = x_delivered_ns = now.time_ns;
      --x_open;
      visit(slab[index]);
    }
    pass_delivered(slab);
  }

  /// The peer says in `frame` that it lacks what lies in [begin, end).
  void note_lacking(MissingRangeSlab& slab, SeqNum begin, SeqNum end, std::uint64_t frame) {
    SlabIndex index = x_first_open;
    for (std::uint32_t left = x_open; left != 0; index = slab[index].next) {
      MissingRange& range = slab[index];
      if (at_or_before(end, range.begin)) return;
      if (range.opener.delivered) continue;
      --left;
      const bool inside = at_or_before(begin, range.begin) && at_or_before(range.end, end);
      if (inside && range.evidence_frame == 0) range.evidence_frame = frame;
    }
  }

  template <class Visit>
  void for_each(const MissingRangeSlab& slab, Visit visit) const {
    for (SlabIndex index = x_head; index != no_slab_index; index = slab[index].next) {
      visit(slab[index]);
    }
  }

  /// Octets missing in [begin, end).
  [[nodiscard]] std::uint32_t octets_in(const MissingRangeSlab& slab, SeqNum begin,
                                        SeqNum end) const;

  /// …that may have been sent, or sent again, after `time_ns`: the peer didn't hold them by then.
  [[nodiscard]] std::uint32_t octets_sent_after(const MissingRangeSlab& slab, SeqNum begin,
                                                SeqNum end, std::int64_t time_ns) const;

  /// The highest range goes on to `end`, as the peer says at `time_ns`. Requires: not empty.
  void extend_highest(MissingRangeSlab& slab, SeqNum end, std::int64_t time_ns) {
    slab[x_tail].end = end;
    slab[x_tail].delivered_ns = x_delivered_ns = time_ns;
  }

  /// Takes the highest range back: what showed it was wrong. Requires: not empty.
  void remove_highest(MissingRangeSlab& slab);
  [[nodiscard]] const MissingRange& highest(const MissingRangeSlab& slab) const {
    return slab[x_tail];
  }

  /// How many ranges begin in [begin, end).
  [[nodiscard]] std::uint32_t count_beginning_in(const MissingRangeSlab& slab, SeqNum begin,
                                                 SeqNum end) const;

  /// Forgets the ranges that begin before `position`: nothing can fill them any more.
  void forget_before(MissingRangeSlab& slab, SeqNum position);

  void clear(MissingRangeSlab& slab);

 private:
  void make_room(MissingRangeSlab& slab);
  /// A range came, or is about to go.
  void note_added(const MissingRangeSlab& slab, SlabIndex index);
  void note_removed(const MissingRangeSlab& slab, SlabIndex index);
  /// Moves the mark to the first range that isn't delivered.
  void pass_delivered(const MissingRangeSlab& slab) {
    if (x_open == 0) x_first_open = no_slab_index;
    while (x_first_open != no_slab_index && slab[x_first_open].opener.delivered) {
      x_first_open = slab[x_first_open].next;
    }
  }
  /// Parts a range in two at `position`, which lies inside it; false at the bound.
  bool split(MissingRangeSlab& slab, SlabIndex index, SeqNum position);
  void remove_lowest(MissingRangeSlab& slab);
  /// From the top, where what is still under way lies.
  [[nodiscard]] SlabIndex lowest_ending_after(const MissingRangeSlab& slab, SeqNum position) const;
  /// Joins two neighbours, or makes the one there is the lowest or the highest.
  void link(MissingRangeSlab& slab, SlabIndex lower, SlabIndex upper);

  SlabIndex x_head = no_slab_index;
  SlabIndex x_tail = no_slab_index;
  /// Of the ranges that aren't delivered: what the peer says passes by those that are, however many
  /// there have been.
  SlabIndex x_first_open = no_slab_index;
  std::int64_t x_delivered_ns = 0;  // the last time that one was
  std::uint32_t x_given_up = 0;
  std::uint16_t x_count = 0;
  std::uint16_t x_open = 0;
};

}  // namespace tapdeck
