#include "analyzer/tcp/seen_again.h"

#include <algorithm>
#include <cstdint>

#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/syn_origin.h"
#include "analyzer/tcp/without_sack.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// Of what its sender sent right behind those bytes, if the first transmission was seen.
const SentSegment* first_above(const Hearing& hearing, const SentSegment& earlier) {
  const SentSegments& sent = hearing.own.sent;
  const std::size_t place = sent.find_ending_after(earlier.end);
  if (place == sent.size() || !(sent[place].begin == earlier.end)) return nullptr;
  return sent[place].first_unseen ? nullptr : &sent[place];
}

/// The last that its sender sent was a repeat of what ends where this one begins.
bool goes_on_repeating(const Hearing& hearing) {
  const SentSegments& sent = hearing.own.sent;
  const std::size_t place = sent.find_ending_after(hearing.judged.begin);
  if (place == 0) return false;
  const SentSegment& below = sent[place - 1];
  return below.end == hearing.judged.begin && below.transmissions > 1 &&
         below.last_ns == hearing.own.recovery.last_sent_ns();
}

bool is_unanswered_timeout(const Hearing& hearing, const SentSegment& earlier) {
  const SendSpace& own = hearing.at_hand.own_space();
  const RoundTrip& far = hearing.own.round_trip;
  const bool acknowledged = own.has_snd_una() && at_or_before(earlier.end, own.snd_una());
  const std::int64_t timeout =
      Recovery::timeout_ns(std::max<std::int64_t>(far.smoothed(), 1), far.variation());
  return !acknowledged &&
         wait_ns(earlier.last_ns, hearing.at_hand.moment.time_ns) >= timeout * 9 / 10;
}

/// The peer had said that bytes were missing, in time for the sender to act on it; or the sender
/// had been silent.
bool had_reason_to_repeat(const Hearing& hearing, const PathView& path) {
  const Recovery& recovery = hearing.own.recovery;
  const std::int64_t now = hearing.at_hand.moment.time_ns;
  if (!hearing.own.sacked.empty() || recovery.duplicate_acks() > 0) return true;
  const std::int64_t since_sign = wait_ns(recovery.last_sign_ns(), now);
  if (recovery.last_sign_ns() != 0 && since_sign < 2 * path.round_trip_ns) return true;
  return wait_ns(recovery.last_sent_ns(), now) > path.round_trip_ns;
}

/// Nothing in the packet tells it from a copy.
bool is_told_by_looks(OriginReason reason) {
  return reason == OriginReason::within_round_trip || reason == OriginReason::beyond_round_trip ||
         reason == OriginReason::identical_header;
}

/// One sending of just these bytes came, a repeat that filled a gap.
bool is_of_lone_repeat(const JudgedSegment& judged, const SentSegment& earlier) {
  return earlier.first_unseen && earlier.filled_gap && earlier.transmissions == 1 &&
         earlier.begin == judged.begin && earlier.end == judged.end;
}

/// Captured beside the receiver, which acknowledged the lone repeat a round trip ago; and its
/// sender hasn't been silent since: it had no reason for another one.
bool is_long_behind_repeat(const Hearing& hearing, const SentSegment& earlier,
                           const PathView& path) {
  const JudgedSegment& judged = hearing.judged;
  const SendSpace& space = hearing.at_hand.own_space();
  const bool taken = is_beside(hearing.own.round_trip, hearing.peers.round_trip) &&
                     space.has_snd_una() && at_or_before(judged.end, space.snd_una());
  return is_of_lone_repeat(judged, earlier) && taken &&
         wait_ns(earlier.last_ns, judged.time_ns) >= path.round_trip_ns &&
         wait_ns(hearing.own.recovery.last_sent_ns(), judged.time_ns) <= path.round_trip_ns;
}

/// These bytes, or others that this side sent.
bool way_copies(const Hearing& hearing, const SentSegment& earlier) {
  const SlabIndex counters = hearing.own.counters;
  return earlier.copies != 0 ||
         (counters != no_slab_index && hearing.at_hand.slabs.counters[counters].duplicates != 0);
}

}  // namespace

OriginVerdict tell_seen(const Hearing& hearing, const SentSegment& earlier, PathView path) {
  const Segment& segment = hearing.at_hand.segment;
  // In a simultaneous open the SYN+ACK carries the SYN's number and answers the peer's.
  if (segment.is_syn_ack() && !hearing.own.sent_syn_ack) return {};
  path.had_reason_to_repeat = had_reason_to_repeat(hearing, path);
  path.unanswered_timeout = is_unanswered_timeout(hearing, earlier);
  const OriginVerdict told = tell_repeat(earlier, first_above(hearing, earlier), segment,
                                         hearing.at_hand.moment.time_ns, path);
  if (told.origin == Origin::duplicate && segment.ip_id == 0 &&
      answers_another_syn(hearing, earlier)) {
    return {Origin::retransmission, OriginReason::answers_earlier_syn, Confidence::medium};
  }
  if (!is_told_by_looks(told.reason)) return told;
  if (told.origin == Origin::duplicate &&
      (goes_on_repeating(hearing) || is_asked_for_by_partial_ack(hearing, earlier))) {
    return {Origin::retransmission, OriginReason::within_seen, Confidence::medium};
  }
  if (told.origin == Origin::duplicate && way_copies(hearing, earlier)) return told;
  if (is_long_behind_repeat(hearing, earlier, path)) {
    return {Origin::out_of_order, OriginReason::behind_lone_repeat, Confidence::medium};
  }
  return told;
}

bool is_other_of_two(const Hearing& hearing, const SentSegment& earlier, const PathView& path,
                     const OriginVerdict& told) {
  const Segment& segment = hearing.at_hand.segment;
  const bool by_looks = told.origin == Origin::duplicate && is_told_by_looks(told.reason);
  const bool comparable =
      !path.at_sender && path.round_trip_ns != 0 && !segment.options.has_timestamps;
  return by_looks && comparable && is_of_lone_repeat(hearing.judged, earlier) &&
         !way_copies(hearing, earlier);
}

OriginVerdict tell_forgotten(const Hearing& hearing) {
  const std::uint16_t ip_id = hearing.at_hand.segment.ip_id;
  const IpIdSequence& ip_ids = hearing.own.ip_ids;
  if (!ip_ids.counts_up() || !ip_ids.is_given(ip_id)) {
    return {Origin::retransmission, OriginReason::within_seen, Confidence::low};
  }
  if (ip_id_distance(ip_ids.highest(), ip_id) > 0) {
    return {Origin::retransmission, OriginReason::later_ip_id, Confidence::high};
  }
  return ip_ids.has_seen(ip_id)
             ? OriginVerdict{Origin::duplicate, OriginReason::same_ip_id, Confidence::high}
             : OriginVerdict{Origin::duplicate, OriginReason::earlier_ip_id, Confidence::medium};
}

}  // namespace tapdeck
