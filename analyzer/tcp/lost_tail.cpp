#include "analyzer/tcp/lost_tail.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "analyzer/tcp/lost_tail_by_pause.h"
#include "analyzer/tcp/missing_packets.h"
#include "analyzer/tcp/silence.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// RFC 6298 §2.5 allows for a bound of 60 s or more; nobody waits longer than twice that.
constexpr std::int64_t longest_timer = 121'000'000'000;

/// Timers that ran out in such a silence before the one that ends it, each after twice the time of
/// the one before (RFC 6298 §5.5).
std::int64_t timers_before_last(std::int64_t timeout, std::int64_t silence) {
  std::int64_t count = 0;
  for (std::int64_t fired = 3 * timeout; fired <= silence; fired = 2 * fired + timeout) ++count;
  return count;
}

/// Segments of the first flight (RFC 6928 §2), and what it can have grown to.
std::int64_t longest_flight(const IpIdSequence& ip_ids) {
  constexpr std::int64_t first_flight = 10;
  return std::max<std::int64_t>(first_flight, ip_ids.counted());
}

std::uint32_t segments_of(std::uint32_t octets, const Transfer& own) {
  return own.largest_payload == 0 ? 0 : (octets + own.largest_payload - 1) / own.largest_payload;
}

/// Of the tail, if parts of it were lost again.
std::uint32_t segments_of_gap(const Transfer& own, const SendSpace::Seen& seen) {
  if (seen.placement != Placement::gap_before) return 0;
  return segments_of(seen.gap_end.value - seen.gap_begin.value, own);
}

/// As many are missing as a timer that was started over and over again sent until its next time:
/// each is twice the one before (RFC 6298 §5.5).
bool is_backed_off(const Hearing& hearing, std::int64_t lost, const Pause& pause) {
  constexpr std::int64_t most_timers = 8;
  if (lost <= 1 || lost > most_timers) return false;
  const std::int64_t due = ((std::int64_t{1} << lost) - 1) * timeout_of(hearing);
  return pause.of_packets >= due * 9 / 10 && pause.of_packets <= due * 5 / 4;
}

/// A sender that counts for all its connections skips as many as it sends to others: until many
/// packets were counted without that, only a pause of a timer's length tells of a lost tail.
bool are_of_others(const Hearing& hearing, std::int64_t lost, bool timed) {
  constexpr std::uint8_t many = 12;
  const IpIdSequence& ip_ids = hearing.own.ip_ids;
  if (ip_ids.are_of_connection()) return false;
  return lost > longest_flight(ip_ids) || (!timed && ip_ids.counted() < many);
}

/// The timers that ran out in such a silence sent something too, and a tail loss probe came before
/// the first, but for who was repairing already (RFC 8985 §7.2).
void note_lost_at_top(Hearing& hearing, std::int64_t lost, std::int64_t pause) {
  const RoundTrip& far = hearing.own.round_trip;
  const auto agreed = hearing.at_hand.handshake.agreed();
  const std::int64_t timeout = Recovery::timeout_ns(far.smoothed(), far.variation());
  const bool probed = hearing.judged.verdict.trigger != Trigger::tail_loss_probe &&
                      !hearing.in_recovery && (!agreed || agreed->sack) && pause > timeout;
  lost -= probed ? 1 : 0;
  lost -= timers_before_last(timeout, pause);
  if (lost > 0) hearing.own.lost_at_top += static_cast<std::uint32_t>(lost);
}

/// The capture missed how the window was opened: its sender may have waited for that.
bool is_beyond_offer(const Hearing& hearing) {
  const OfferedWindow& window = hearing.own.window;
  const Segment& segment = hearing.at_hand.segment;
  return window.closed() ||
         (window.scaled && precedes(window.right_edge, segment.seg_seq + segment.seg_len()));
}

/// Behind a pause in which a timer may have fired, by how many IP IDs are missing.
OriginVerdict tell_missing_ids(Hearing& hearing, const SendSpace::Seen& seen, SeqNum snd_nxt_before,
                               const Pause& pause, bool timed) {
  Transfer& own = hearing.own;
  const std::int64_t lost = lost_first_transmissions(hearing, seen, snd_nxt_before, timed);
  if (lost <= 0 || (lost > 1 && !own.ip_ids.counts_each_packet())) return {};
  const SendSpace& space = hearing.at_hand.own_space();
  const bool lone = lost == 1 && !pause.crossed && seen.gap_begin == seen.gap_end &&
                    space.has_snd_una() && space.snd_una() == snd_nxt_before &&
                    !own.ip_ids.are_of_connection();
  // The timer of a lone segment allows for a delayed ACK (RFC 8985 §7.2). It may have lacked the
  // ACKs of those before, but then what is missing had to be of this connection.
  const bool drawn = pause.drawn_lately && !pause.by_fin_alone;
  if (lost > 1 && drawn) return {};  // a timer repeats one
  const std::int64_t least =
      lone ? std::max(pause.shortest, Recovery::shortest_timer_ns) : pause.shortest;
  if (!pause.repairing && pause.of_packets < least) return {};
  if (are_of_others(hearing, lost, timed || pause.repairing || is_backed_off(hearing, lost, pause)))
    return {};
  note_lost_at_top(hearing, lost - 1, pause.length);
  return {Origin::retransmission, OriginReason::missing_ip_ids, Confidence::medium};
}

/// What follows the highest bytes seen is the lost tail if it comes a round trip after them, or
/// right behind another part of the tail or its ACK; else it is new, and what was missing were
/// repeats. Where nothing was counted it ends at the peer's next word, which may ask for more.
OriginVerdict tell_lost_tail(Hearing& hearing, const SendSpace::Seen& seen, const PathView& path) {
  Transfer& own = hearing.own;
  const std::int64_t now = hearing.at_hand.moment.time_ns;
  const bool behind_pause = wait_ns(own.top_ns, now) > path.round_trip_ns * 7 / 10;
  const bool in_run = own.top_was_repeat &&
                      wait_ns(std::max(own.top_ns, own.recovery.last_ack_ns()), now) <
                          std::max(path.round_trip_ns * 3 / 2, own.round_trip.smoothed() * 3 / 2);
  const std::uint32_t lost = std::exchange(own.lost_at_top, 0);
  const bool counted = hearing.at_hand.segment.ip_id != 0;
  const bool asked = wait_ns(own.top_ns, hearing.peers.recovery.last_sent_ns()) > 0;
  const std::uint32_t lost_again = counted && in_run ? segments_of_gap(own, seen) : 0;
  if (seen.placement != Placement::in_order && (lost_again == 0 || lost_again >= lost)) return {};
  if (own.top_was_repeat ? !in_run : !behind_pause) return {};
  if (!counted && asked) return {};
  own.lost_at_top = lost - 1 - lost_again;
  return {Origin::retransmission, OriginReason::behind_repeat,
          counted ? Confidence::medium : Confidence::low};
}

}  // namespace

OriginVerdict tell_top(Hearing& hearing, const SendSpace::Seen& seen, const PathView& path,
                       SeqNum snd_nxt_before) {
  const Segment& segment = hearing.at_hand.segment;
  Transfer& own = hearing.own;
  if (path.at_sender || own.sent.empty()) return {};
  if (own.ip_ids.counts_up() && segment.ip_id != 0 &&
      ip_id_distance(own.ip_ids.highest(), segment.ip_id) < 0) {
    return {};  // sent before what has passed: only overtaken
  }
  const Pause pause = pause_before(hearing, path);
  if (pause.drawn_lately && !own.ip_ids.steps_over(segment.ip_id)) own.lost_at_top = 0;
  if (own.lost_at_top > 0) {
    const OriginVerdict told = tell_lost_tail(hearing, seen, path);
    if (told.origin != Origin::first) return told;
  }
  const bool heard_lately = pause.since_ack <= pause.shortest && !pause.crossed;
  if (pause.length > longest_timer || pause.length <= pause.shortest || heard_lately ||
      is_beyond_offer(hearing)) {
    return {};
  }
  const bool drawn_by_data = pause.drawn_lately && !pause.by_fin_alone;
  const bool timed = !pause.repairing && !drawn_by_data && is_timed(hearing);
  // An end that counts for each socket gives its SYN+ACK no ID: this one would be known for it.
  const bool one_step_does = timed && !own.sent_syn_ack;
  if (own.ip_ids.counts_each_packet(one_step_does) && own.ip_ids.is_given(segment.ip_id) &&
      own.ip_ids.continues_with(segment.ip_id) && !own.sends_offloaded) {
    return tell_missing_ids(hearing, seen, snd_nxt_before, pause, timed);
  }
  if (segment.ip_id != 0 || path.ip_ids_count_up) return {};
  return tell_by_pause(hearing, seen, path);
}

void note_top_held(Transfer& own, std::uint32_t octets) {
  const std::uint32_t held = segments_of(octets, own);
  own.lost_at_top = own.lost_at_top > 2 * held ? own.lost_at_top - held : 0;
}

void note_lost_tail(Hearing& hearing, SeqNum snd_nxt_before) {
  Transfer& own = hearing.own;
  const Verdict& verdict = hearing.judged.verdict;
  const PathView path = path_of(hearing);
  const std::uint16_t ip_id = hearing.at_hand.segment.ip_id;
  const bool first = own.recovery.timeouts_in_row() <= 1 &&
                     (verdict.trigger == Trigger::timeout || verdict.trigger == Trigger::fast ||
                      verdict.trigger == Trigger::tail_loss_probe);
  if (!first || verdict.placement == Placement::in_order || path.at_sender ||
      !own.ip_ids.is_given(ip_id) || !own.ip_ids.counts_each_packet() || own.sends_offloaded) {
    return;
  }
  const std::int64_t lost = lost_first_transmissions(hearing, {}, snd_nxt_before, false);
  if (lost > longest_flight(own.ip_ids)) return;  // others' packets
  note_lost_at_top(hearing, lost, hearing.judged.silence_ns);
}

}  // namespace tapdeck
