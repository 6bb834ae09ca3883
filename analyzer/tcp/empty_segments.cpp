#include "analyzer/tcp/empty_segments.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "analyzer/tcp/delivery.h"
#include "analyzer/tcp/timestamp_clock.h"

namespace tapdeck {
namespace {

/// What lies above a hole and was sent before the clock that the receiver took last is answered
/// whenever it comes again, and otherwise dropped (RFC 7323 §5.3): no news, and no D-SACK.
bool draws_equal_acks(const Hearing& hearing) {
  const Segment& segment = hearing.at_hand.segment;
  const SentSegments& sent = hearing.peers.sent;
  const std::size_t lowest = sent.find_ending_after(segment.seg_ack);
  return segment.options.sack_block_count != 0 && lowest != sent.size() &&
         is_refused_by_paws(sent[lowest].first_timestamp, segment.options.timestamp_echo_reply);
}

/// Without news an ACK is drawn by what comes again or isn't taken. Once later bytes are
/// acknowledged, that was answered.
bool may_be_drawn_again(const Hearing& hearing) {
  const Transfer& peers = hearing.peers;
  return peers.has_drawn && at_or_before(hearing.at_hand.segment.seg_ack, peers.drew_until);
}

/// Probes, and what answers them, are equal by themselves.
bool is_like_probe(const Hearing& hearing) {
  const SendSpace& own = hearing.at_hand.own_space();
  return own.has_snd_una() && hearing.at_hand.segment.seg_seq + 1 == own.snd_una();
}

/// Without SACK a duplicate ACK equals the ACK before it, with timestamps in the same tick, and may
/// come late. Of all ACKs so many come late, and so many are duplicate: if as many come late and
/// equal another as chance makes of that, four times over, this is one of them. Nothing is known of
/// the first. Behind a hole that a repeat filled there are many.
bool is_late_duplicate_ack(const Hearing& hearing) {
  const SentSegments& sent = hearing.peers.sent;
  const std::size_t lowest = sent.find_ending_after(hearing.at_hand.segment.seg_ack);
  if (lowest != sent.size() && sent[lowest].is_repeated()) return true;
  constexpr std::uint64_t margin = 4;
  const Transfer& own = hearing.own;
  return margin * (own.late_acks + 1) * (own.equal_acks + 1) >=
         std::uint64_t{own.late_equal_acks} * own.empty_count;
}

OriginReason copied_ack_without_sack(const Hearing& hearing, bool known) {
  Transfer& own = hearing.own;
  const SendSpace& peers = hearing.at_hand.peer_space();
  const bool late =
      peers.has_snd_una() && precedes(hearing.at_hand.segment.seg_ack, peers.snd_una());
  if (!late && !known) return OriginReason::none;
  std::uint16_t& count = !late ? own.equal_acks : known ? own.late_equal_acks : own.late_acks;
  ++count;  // at most one for each of empty_count
  const bool copied = late && known && !is_late_duplicate_ack(hearing);
  return copied ? OriginReason::identical_header : OriginReason::none;
}

/// Not at its sender; and it is known what the ends agreed on.
bool may_pass_copied(const Case& at_hand, const Transfer& own, const Transfer& peers) {
  return at_hand.handshake.agreed() && !is_beside(peers.round_trip, own.round_trip);
}

/// An empty segment equal to one before. Remembers it; short connections needn't pay for many.
bool was_sent_before(const Case& at_hand, Transfer& own) {
  TcpSlabs& slabs = at_hand.slabs;
  const std::uint32_t fingerprint = at_hand.segment.fingerprint();
  const std::size_t count = own.empty_count;
  own.last_empty = fingerprint;
  if (own.empty_count == UINT16_MAX) {  // what counts is their share
    own.empty_count /= 2;
    own.late_acks /= 2;
    own.late_equal_acks /= 2;
    own.equal_acks /= 2;
  }
  ++own.empty_count;
  if (count < own.first_empty.size()) {
    const auto first = std::span(own.first_empty).first(count);
    const bool copied = std::ranges::find(first, fingerprint) != first.end();
    own.first_empty[count] = fingerprint;
    return copied;
  }
  constexpr std::size_t many = 256;
  if (own.many_empty != no_slab_index) return slabs.many_empty[own.many_empty].put(fingerprint);
  if (count >= many) {
    own.many_empty = slabs.many_empty.take();
    for (const std::uint32_t known : slabs.few_empty[own.few_empty].fingerprints) {
      (void)slabs.many_empty[own.many_empty].put(known);
    }
    slabs.few_empty.give_back(std::exchange(own.few_empty, no_slab_index));
    return slabs.many_empty[own.many_empty].put(fingerprint);
  }
  if (own.few_empty == no_slab_index) {
    own.few_empty = slabs.few_empty.take();
    for (const std::uint32_t known : own.first_empty) {
      (void)slabs.few_empty[own.few_empty].put(known);
    }
  }
  return slabs.few_empty[own.few_empty].put(fingerprint);
}

}  // namespace

OriginReason copied_empty_segment(const Hearing& hearing) {
  const Segment& segment = hearing.at_hand.segment;
  const IpIdSequence& ip_ids = hearing.own.ip_ids;
  if (segment.ip_id != 0) {
    // The first to acknowledge something is no copy, whatever its ID.
    const SendSpace& peers = hearing.at_hand.peer_space();
    const bool news = peers.has_snd_una() && precedes(peers.snd_una(), segment.seg_ack);
    const bool copied = ip_ids.counts_up() && ip_ids.has_seen(segment.ip_id) && !news;
    return copied ? OriginReason::same_ip_id : OriginReason::none;
  }
  const bool has_time = segment.options.has_timestamps;
  const bool probe_or_answer =
      is_like_probe(hearing) || hearing.peers.asking || hearing.peers.probing;
  if (!has_time && probe_or_answer) return OriginReason::none;
  if (!may_pass_copied(hearing.at_hand, hearing.own, hearing.peers)) return OriginReason::none;
  const bool equals_last = hearing.own.last_empty == segment.fingerprint();
  const bool known = was_sent_before(hearing.at_hand, hearing.own);
  if (goes_without_sack(hearing.at_hand)) return copied_ack_without_sack(hearing, known);
  if (!known) return OriginReason::none;
  const bool drawn =
      equals_last && (has_time ? draws_equal_acks(hearing) : may_be_drawn_again(hearing));
  return drawn ? OriginReason::none : OriginReason::identical_header;
}

void note_empty_segment(const Case& at_hand, Transfer& own, const Transfer& peers) {
  if (at_hand.segment.ip_id == 0 && may_pass_copied(at_hand, own, peers)) {
    (void)was_sent_before(at_hand, own);
  }
}

void note_drawing(const Case& at_hand, Transfer& own) {
  own.has_drawn = true;
  own.drew_until = at_hand.own_space().snd_nxt();
}

}  // namespace tapdeck
