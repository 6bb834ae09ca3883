// Verdicts that wait for evidence: what became of a retransmission's earlier copy, and of bytes
// that this capture passed over. In the order of frames, bounded.
#pragma once

#include <algorithm>
#include <cstdint>

#include "analyzer/flow/side.h"
#include "analyzer/flow/slab.h"
#include "analyzer/tcp/seq_num.h"
#include "analyzer/tcp/verdict.h"
#include "captures/elapsed.h"

namespace tapdeck {

/// A segment that was judged, with what its verdict is about.
struct JudgedSegment {
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
  Side from{};
  SeqNum begin, end;  // its bytes
  std::uint32_t payload_octets = 0;
  std::uint64_t earlier_frame = 0;  // of the copy seen before, 0: none
  std::int64_t silence_ns = 0;      // of its sender before it
  std::int64_t gap_open_ns = 0;     // if it fills a gap: since that was shown
  bool conflicts = false;           // its bytes differ from those that the earlier copy had there
  std::uint32_t gap_octets = 0;     // of the gap before it
  std::uint32_t unseen_octets = 0;  // that its acknowledgment shows
  bool gap_not_captured = false;    // the peer holds the bytes of the gap
  Verdict verdict;
};

struct PendingVerdict {
  JudgedSegment segment;
  std::int64_t reach_ns = 0;        // evidence counts for so long
  bool waits_for_delivery = false;  // of a retransmission
  bool waits_for_gap = false;
  bool waits_for_data = false;      // an ACK of bytes not seen
  bool earlier_seen = false;        // a copy had passed here
  bool at_sender = false;           // captured there: nothing is lost before this point
  bool at_receiver = false;         // captured there: what passes is delivered
  bool refused = false;             // by its receiver: what had passed was too old or damaged
  bool reneged = false;             // …or gave it up again
  bool corrupted = false;           // …by its checksum
  bool not_taken = false;           // it came with a SYN, of which the receiver took no data
  bool late_original = false;       // the earlier copy came behind it and was taken
  bool drew_duplicate_ack = false;  // without SACK: a needless copy draws one
  bool covered = false;             // acknowledged or SACKed since
  bool jumped_over = false;         // by an ACK that other bytes drew
  bool mostly_held = false;         // before: most of what a timeout sent again with it
  bool filled_hole = false;         // it drew the ACK that covered it
  bool has_timestamp = false;
  bool timestamp_is_later = false;  // than that of the copy before
  bool echoed = false;              // the ACK that covered it echoes this copy's clock
  bool echoed_earlier = false;      // …or an earlier one
  bool fin_acks_fin = false;        // its first copy was the first to acknowledge the peer's FIN
  bool answered_from_time_wait = false;
  bool alone = false;                 // nothing else was outstanding
  bool answer_missing = false;        // a packet is missing before the ACK that covered it
  bool next_d_sacked = false;         // the next copy was reported, and this one drew no answer
  std::uint8_t d_sacks = 0;           // of all its bytes
  std::uint8_t copies = 0;            // of its bytes, made on the way
  std::uint8_t later_repeats = 0;     // of its bytes, for which no D-SACK has come
  std::int64_t since_earlier_ns = 0;  // the copy before, if another SYN drew this one; 0: none
  std::int64_t covered_after_ns = 0;  // if covered
  std::int64_t repeated_ns = 0;       // when the last of the later repeats came
  std::uint32_t d_sacked_octets = 0;  // of its first packets, not yet of all
  std::uint32_t timestamp = 0;
  std::uint32_t earlier_timestamp = 0;  // of the copy before, if it was seen
  std::uint64_t d_sack_frame = 0;       // the last one
  SeqNum unseen_begin, unseen_end;      // waits_for_data: what it acknowledges
  SeqNum snd_una_before;                // …and the acknowledgment before it
  SlabIndex next = no_slab_index;

  [[nodiscard]] bool waits() const { return waits_for_delivery || waits_for_gap || waits_for_data; }
  /// Until then evidence counts.
  [[nodiscard]] std::int64_t due_ns() const { return added_ns(segment.time_ns, reach_ns); }
};

using PendingVerdictSlab = Slab<PendingVerdict>;

class PendingVerdicts {
 public:
  /// Kept of one connection; past it the oldest is settled with the evidence that is there.
  static constexpr std::uint16_t bound = 1024;

  [[nodiscard]] bool empty() const { return x_first == no_slab_index; }
  [[nodiscard]] bool full() const { return x_count == bound; }
  [[nodiscard]] SlabIndex first() const { return x_first; }
  /// None is due before. Requires: not empty().
  [[nodiscard]] std::int64_t earliest_due_ns() const { return x_earliest_due_ns; }
  /// Those that had to go at the bound, before all of their evidence could come.
  [[nodiscard]] std::uint32_t cut_short() const { return x_cut_short; }
  /// Some wait for their bytes to be acknowledged.
  [[nodiscard]] bool await_answer() const { return x_unanswered != 0; }

  /// Its bytes are acknowledged, or SACKed. Requires: it is kept, and they weren't.
  void cover(PendingVerdict& verdict) {
    verdict.covered = true;
    --x_unanswered;
  }

  /// It is no retransmission after all. Requires: it is kept.
  void stop_waiting_for_delivery(PendingVerdict& verdict) {
    if (awaits_answer(verdict)) --x_unanswered;
    verdict.waits_for_delivery = false;
  }

  SlabIndex add(PendingVerdictSlab& slab, const PendingVerdict& verdict) {
    const SlabIndex index = slab.take();
    slab[index] = verdict;
    slab[index].next = no_slab_index;
    const std::int64_t due_ns = verdict.due_ns();
    x_earliest_due_ns = empty() ? due_ns : std::min(x_earliest_due_ns, due_ns);
    (empty() ? x_first : slab[x_last].next) = index;
    x_last = index;
    ++x_count;
    if (awaits_answer(verdict)) ++x_unanswered;
    return index;
  }

  /// At the bound, after it was settled. Requires: full().
  void cut_first_short(PendingVerdictSlab& slab) {
    const SlabIndex index = x_first;
    x_first = slab[index].next;
    give_back(slab, index);
    ++x_cut_short;
  }

  template <class Visit>
  void for_each(PendingVerdictSlab& slab, Visit visit) const {
    for (SlabIndex index = x_first; index != no_slab_index; index = slab[index].next) {
      visit(slab[index]);
    }
  }

  /// Removes those that are due, by time or by frame, after settle(verdict) for each.
  template <class Settle>
  void remove_overdue(PendingVerdictSlab& slab, std::uint64_t oldest_frame, std::int64_t now_ns,
                      Settle settle) {
    std::int64_t earliest = INT64_MAX;
    remove_if(slab, [&](PendingVerdict& verdict) {
      const bool due = verdict.segment.frame < oldest_frame || verdict.due_ns() < now_ns;
      if (due) settle(verdict);
      if (!due) earliest = std::min(earliest, verdict.due_ns());
      return due;
    });
    x_earliest_due_ns = earliest;
  }

  /// Calls visit(verdict) for each; it may settle it, in which case `true` removes it.
  template <class Visit>
  void remove_if(PendingVerdictSlab& slab, Visit visit) {
    SlabIndex before = no_slab_index;
    for (SlabIndex index = x_first; index != no_slab_index;) {
      const SlabIndex next = slab[index].next;
      if (visit(slab[index])) {
        (before == no_slab_index ? x_first : slab[before].next) = next;
        if (x_last == index) x_last = before;
        give_back(slab, index);
      } else {
        before = index;
      }
      index = next;
    }
  }

 private:
  [[nodiscard]] static bool awaits_answer(const PendingVerdict& verdict) {
    return verdict.waits_for_delivery && !verdict.covered;
  }
  void give_back(PendingVerdictSlab& slab, SlabIndex index) {
    if (awaits_answer(slab[index])) --x_unanswered;
    slab.give_back(index);
    --x_count;
  }

  std::int64_t x_earliest_due_ns = 0;  // or before, where that one is gone
  SlabIndex x_first = no_slab_index;
  SlabIndex x_last = no_slab_index;
  std::uint32_t x_cut_short = 0;
  std::uint16_t x_count = 0;
  std::uint16_t x_unanswered = 0;  // of these, those that await_answer()
};

}  // namespace tapdeck
