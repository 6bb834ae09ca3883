#include "analyzer/tcp/without_sack.h"

#include <cstdint>

#include "analyzer/tcp/delivery.h"
#include "captures/elapsed.h"

namespace tapdeck {

void note_drawn_duplicate(const Hearing& hearing, PendingVerdicts& pendings) {
  if (pendings.empty()) return;
  const Case& at_hand = hearing.at_hand;
  if (!goes_without_sack(at_hand)) return;
  const IpIdSequence& ip_ids = hearing.own.ip_ids;
  const std::uint16_t ip_id = at_hand.segment.ip_id;
  const bool overtaken =
      ip_ids.counts_up() && ip_id != 0 && ip_id_distance(ip_ids.highest(), ip_id) < 0;
  if (overtaken) return;
  const SentSegments& sent = hearing.peers.sent;
  const std::int64_t least = soonest_answer_ns(hearing.peers.round_trip);
  const std::size_t above = sent.find_ending_after(at_hand.segment.seg_ack);
  const bool another_cause =
      above < sent.size() && wait_ns(sent[above].first_ns, at_hand.moment.time_ns) >= least;
  const SendSpace& space = at_hand.peer_space();
  std::uint64_t answered = 0;  // up to this frame
  pendings.for_each(at_hand.slabs.pending, [&](const PendingVerdict& pending) {
    const bool filled = pending.filled_hole && pending.segment.from != at_hand.from;
    if (filled) answered = pending.segment.frame;
  });
  bool taken = false;
  pendings.for_each(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    const JudgedSegment& judged = pending.segment;
    if (taken || !pending.waits_for_delivery || judged.from == at_hand.from ||
        judged.frame <= answered || pending.drew_duplicate_ack || !pending.covered ||
        (another_cause && !pending.jumped_over)) {
      return;
    }
    const std::int64_t since = wait_ns(judged.time_ns, at_hand.moment.time_ns);
    const bool syn = space.has_iss() && judged.begin == space.iss();  // it draws another answer
    if (since < least || syn) return;
    pending.drew_duplicate_ack = true;
    taken = true;
  });
}

void note_held(const Hearing& hearing, PendingVerdicts& pendings,
               const SendSpace::Acknowledged& acknowledged, SeqNum point, bool after_timeout) {
  const Case& at_hand = hearing.at_hand;
  const SeqNum ack = at_hand.segment.seg_ack;
  Transfer& peers = hearing.peers;
  const std::size_t segments =
      peers.sent.find_ending_after(ack) - peers.sent.find_ending_after(acknowledged.before);
  peers.held.on_advance(acknowledged.before, ack, segments);
  if (after_timeout && precedes(ack, point)) return;
  if (!peers.held.on_all_acknowledged() || !after_timeout) return;
  pendings.for_each(at_hand.slabs.pending, [&](PendingVerdict& pending) {
    const JudgedSegment& judged = pending.segment;
    if (judged.from == at_hand.from || judged.verdict.trigger != Trigger::go_back_n) return;
    if (pending.jumped_over && at_or_before(judged.end, point)) pending.mostly_held = true;
  });
}

void note_sending_again(const Hearing& hearing) {
  const SendSpace& space = hearing.at_hand.own_space();
  Transfer& own = hearing.own;
  if (!space.has_snd_una() || !space.missing().empty() || own.sends_offloaded) return;
  const std::size_t standing = own.sent.size() - own.sent.find_ending_after(space.snd_una());
  own.held.on_timeout(space.snd_una(), standing);
}

bool is_asked_for_by_partial_ack(const Hearing& hearing, const SentSegment& earlier) {
  const Recovery& recovery = hearing.own.recovery;
  const SendSpace& own = hearing.at_hand.own_space();
  const RoundTrip& near = hearing.peers.round_trip;
  const bool lowest = own.has_snd_una() && hearing.judged.begin == own.snd_una();
  if (!lowest || !near.known() || !goes_without_sack(hearing.at_hand)) return false;
  const std::int64_t asked_ns = recovery.timer_ns();
  return recovery.phase() == Recovery::Phase::recovering && recovery.is_partial(own.snd_una()) &&
         wait_ns(earlier.last_ns, asked_ns) > 0 &&
         wait_ns(asked_ns, hearing.at_hand.moment.time_ns) >= near.least();
}

}  // namespace tapdeck
