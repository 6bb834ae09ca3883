// What is kept of one direction of an open connection to judge its segments by: what the sender
// sent and how its marks count up, what the receiver said of it, and the round trip between this
// capture point and the receiver.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "analyzer/tcp/flow_label.h"
#include "analyzer/tcp/held_above.h"
#include "analyzer/tcp/ip_id_sequence.h"
#include "analyzer/tcp/recovery.h"
#include "analyzer/tcp/round_trip.h"
#include "analyzer/tcp/sent_segments.h"
#include "analyzer/tcp/sequence_ranges.h"
#include "analyzer/tcp/timestamp_clock.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

/// The window that the receiver offers, as it was last heard here.
struct OfferedWindow {
  bool known : 1 = false;
  bool of_syn : 1 = false;  // never scaled, and often more than what follows
  bool scaled : 1 = false;  // the scale is known, and so right_edge
  std::uint16_t field = 0;
  SeqNum ack;  // of the last segment that counted
  SeqNum right_edge;

  [[nodiscard]] bool closed() const { return known && field == 0; }
};

/// How often each verdict was given to what one side sent.
struct VerdictCounters {
  std::uint64_t retransmissions = 0;
  std::uint64_t retransmitted_octets = 0;
  std::uint64_t spurious = 0;
  std::uint64_t out_of_order = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t keep_alives = 0;
  std::uint64_t window_probes = 0;
  std::uint64_t lost_upstream_octets = 0;
  std::uint64_t lost_downstream_octets = 0;
  std::uint64_t not_captured_octets = 0;
  std::uint64_t duplicate_acks = 0;
  std::uint64_t zero_windows = 0;
  std::array<std::uint64_t, trigger_count> triggers{};  // by Trigger
};

/// For what share of the time the sender was held back by what.
struct FlightTimes {
  std::int64_t last_ns = 0;
  std::int64_t in_flight_ns = 0;         // something was unacknowledged
  std::int64_t receiver_limited_ns = 0;  // the offered window was used up
  std::int64_t recovering_ns = 0;        // a loss was being repaired
  std::uint32_t greatest_flight = 0;     // octets
  std::uint32_t greatest_window = 0;     // octets, where the scale is known
};

/// Fingerprints of empty segments seen lately, where IP IDs don't tell a copy. Each names its row,
/// where the oldest gives way.
template <std::size_t places>
struct EmptySegments {
  static constexpr std::size_t row = 8;

  std::array<std::uint32_t, places> fingerprints{};

  /// True if it was there already.
  [[nodiscard]] bool put(std::uint32_t fingerprint) {
    const auto kept = std::span(fingerprints).subspan(fingerprint % (places / row) * row, row);
    if (std::ranges::find(kept, fingerprint) != kept.end()) return true;
    std::ranges::copy_backward(kept.first(row - 1), kept.end());
    kept.front() = fingerprint;
    return false;
  }
};

using FewEmptySegments = EmptySegments<128>;
using ManyEmptySegments = EmptySegments<2048>;
using FewEmptySegmentsSlab = Slab<FewEmptySegments>;
using ManyEmptySegmentsSlab = Slab<ManyEmptySegments>;

/// In the order of use: what each segment touches shares few lines of memory.
struct alignas(64) Transfer {
  SentSegments sent;
  SequenceRanges sacked;  // above snd_una
  OfferedWindow window;
  bool probing = false;  // the last segment was a window probe …
  bool asking = false;   // … or a keep-alive
  bool probe_answered : 1 = false;
  bool sent_syn_ack : 1 = false;
  bool has_pushed : 1 = false;        // some segment ended a write
  bool sends_offloaded : 1 = false;   // longer ones than the peer's MSS: IP IDs count differently
  bool echo_taken : 1 = false;        // the echo of the clock's latest value was measured
  bool top_was_repeat : 1 = false;    // the highest bytes seen were judged as sent again
  bool paws_known : 1 = false;        // paws_recent is valid
  bool probed_with_byte : 1 = false;  // probe_end is valid
  bool fin_acks_fin : 1 = false;      // its FIN alone has acknowledged the peer's
  bool has_drawn : 1 = false;         // an ACK without news, by what came again or wasn't taken
  bool reset_elsewhere : 1 = false;   // its last reset wasn't where the peer stands, silent since
  std::uint8_t timed_pauses = 0;      // as long as its timer runs
  std::uint16_t largest_payload = 0;
  std::uint32_t longest_pause_ms = 0;  // before new bytes, with nothing outstanding
  Recovery recovery;
  std::int64_t top_ns = 0;        // when the highest bytes were seen first
  std::uint32_t paws_recent = 0;  // the receiver's TS.Recent (RFC 7323 §4.3)
  std::uint32_t lost_at_top = 0;  // segments above snd_nxt that were sent and never came
  FlightTimes flight;
  TimestampClock clock;
  IpIdSequence ip_ids;
  FlowLabel flow_label;
  RoundTrip round_trip;                        // from here to the receiver and back
  std::array<std::uint32_t, 8> first_empty{};  // fingerprints of empty segments
  SlabIndex few_empty = no_slab_index;         // … of more
  SlabIndex many_empty = no_slab_index;        // … and of many
  std::uint16_t empty_count = 0;
  // Of those, without SACK: what acknowledges less than one before it …
  std::uint16_t late_acks = 0;
  std::uint16_t late_equal_acks = 0;   // … and equals one
  std::uint16_t equal_acks = 0;        // what doesn't acknowledge less, and equals one
  std::uint16_t syn_timed_ms = 0;      // from the copy of its SYN that was answered to the last one
  std::uint32_t last_empty = 0;        // of the last one, if empty_count isn't 0
  std::uint32_t repair_timestamp = 0;  // of the first repeat of what is repaired now
  SeqNum probe_end;                    // if probing with a byte
  SeqNum drew_until;                   // snd_nxt when it last drew an ACK without news, if it did
  SlabIndex counters = no_slab_index;  // VerdictCounters, once there is something to count
  HeldAbove held;                      // without SACK

  /// Ask memory for what every segment of this direction, and every ACK of it, reads.
  void prefetch_for_segment(bool with_payload) const {
    if (with_payload) prefetch_lines_of(*this, this, &flight);
    prefetch_lines_of(*this, &flight, &round_trip);
  }
  void prefetch_for_ack() const {
    prefetch_lines_of(*this, this, &ip_ids);
    prefetch_lines_of(*this, &round_trip, round_trip.hot_end());
  }
};

/// Both directions of a connection, by the sender's Side.
using Transfers = std::array<Transfer, 2>;
using VerdictCountersSlab = Slab<VerdictCounters>;
using TransferSlab = Slab<Transfers>;

}  // namespace tapdeck
