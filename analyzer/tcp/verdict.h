// What happened to one TCP segment, and why: one enum for each question, with its definition beside
// each enumerator. Bytes are sequence space, SYN and FIN included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tapdeck {

/// Where the segment's bytes lie among those that this capture saw of its sender.
enum class Placement : std::uint8_t {
  none,        // no bytes, or all of them seen before
  in_order,    // begins at the highest byte seen
  gap_before,  // begins above it: earlier bytes not seen yet
  fills_gap,   // holds bytes of a gap
  overlap,     // begins with bytes seen before, ends above them
};

/// What the segment is.
enum class Origin : std::uint8_t {
  first,           // sent once, and in its place; or no bytes at all
  retransmission,  // the sender had sent these bytes before, whether this capture saw that or not
  out_of_order,    // sent once, overtaken on the way
  duplicate,       // one transmission seen twice: copied by the network or the capture
  keep_alive,      // asks whether the peer is still there (RFC 9293 §3.8.4)
  window_probe,    // asks whether the peer's window is still closed (RFC 9293 §3.8.6.1)
};

/// Why a retransmission was sent.
enum class Trigger : std::uint8_t {
  none,
  timeout,          // the retransmission timer fired (RFC 6298 §5.4)
  fast,             // the first of a recovery that ACK evidence began (RFC 5681, 6675, 8985)
  sack_recovery,    // a later one of it
  tail_loss_probe,  // the last segment again, to draw an ACK (RFC 8985 §7)
  go_back_n,        // after a timeout, the rest of what was outstanding then
  unknown,
};
inline constexpr std::size_t trigger_count = static_cast<std::size_t>(Trigger::unknown) + 1;

/// What the acknowledgment says of the peer's bytes.
enum class AckVerdict : std::uint8_t {
  none,
  advances,
  duplicate_ack,     // RFC 5681 §2, RFC 6675 §2
  partial_ack,       // advances inside a recovery, not to its end (RFC 6582 §3.2)
  acks_unseen_data,  // advances over bytes that this capture never held
  keep_alive_ack,
  window_probe_ack,
  challenge_ack,  // answers a segment that the sender would not accept (RFC 5961)
};

/// What the window says: of the segment's own, but for window_full.
enum class WindowVerdict : std::uint8_t {
  none,
  zero_window,
  window_update,  // the right edge moved, nothing else
  window_full,    // the segment's data reaches the peer's right edge
  window_shrunk,  // the right edge moved left (RFC 9293 §3.8.6)
};

/// Whether the receiver would accept the segment (RFC 9293 §3.10.7.4, RFC 5961, RFC 7323 §5).
enum class Acceptance : std::uint8_t {
  acceptable,
  out_of_window,
  unacceptable_rst,
  unacceptable_ack,
  old_duplicate,  // PAWS
};

/// What the segment is to the connection: a set.
struct ConnectionWord {
  static constexpr std::uint16_t syn = 1, syn_ack = 2, handshake_complete = 4, fin = 8, reset = 16,
                                 port_reuse = 32, half_open = 64, simultaneous_open = 128,
                                 simultaneous_close = 256;
};

/// How sure a verdict is.
enum class Confidence : std::uint8_t { none, low, medium, high };

/// By which evidence the origin is told.
enum class OriginReason : std::uint8_t {
  none,
  same_ip_id,           // the IP ID of the earlier transmission
  later_ip_id,          // IP IDs count up, and this one came behind
  earlier_ip_id,        // …and this one was sent before what it stands behind
  missing_ip_ids,       // IP IDs and a pause tell of a lost tail
  later_timestamp,      // the sender's clock went on
  earlier_timestamp,    // the sender's clock was not so far yet
  same_timestamp,       // the clock stood still for longer than one round trip
  sent_at_this_side,    // captured at the sender: nothing overtakes or copies before this point
  within_round_trip,    // too soon for the sender to have reacted
  beyond_round_trip,    // late enough for the sender to have reacted
  repeated_at_once,     // within a round trip its bytes came again: only now sent again
  behind_lone_repeat,   // a repeat of it came before, and this is the original
  pause_without_push,   // a pause in the middle of a write
  pause_of_timer,       // a pause as long as the sender's timer runs
  renewed_flow_label,   // its sender had taken another one since, as Linux does at timers
  former_flow_label,    // …not yet
  behind_repeat,        // the rest of a lost tail
  identical_header,     // equal in every field
  behind_later_ports,   // a SYN from a port that was passed over when its timer was started
  old_initial_number,   // a SYN whose number was taken from its sender's clock long before
  answers_earlier_syn,  // a SYN+ACK to a SYN that was sent again since
  within_seen,          // starts inside bytes sent before
  captured_twice,       // the capture holds one packet twice
};

/// By which evidence a retransmission is known to have been needless, or needed.
enum class DeliveryReason : std::uint8_t {
  none,
  acknowledged_before,  // an ACK of the bytes had passed
  sacked_before,        // a SACK of the bytes had passed
  d_sack,               // RFC 2883
  next_copy_d_sacked,   // …of the copy behind it, and none of the timer's before was answered
  eifel,                // the ACK echoes an earlier transmission's clock (RFC 3522)
  answered_too_soon,    // the ACK came sooner than this copy could have drawn it
  delivery_seen,        // the earlier copy had passed here, at the receiver's side
  late_original,        // the earlier copy arrived behind it
  duplicate_ack_drawn,  // without SACK: it drew a duplicate ACK
  mostly_held,          // without SACK: as was most of what a timeout sent again with it
  syn_crossed,          // of a SYN+ACK: the repeated SYN that drew it had crossed an earlier one
  answered_from_time_wait,  // of a FIN: an earlier copy had brought that about
  answer_missing,           // alone outstanding: a packet is missing that the earlier copy drew
  first_copy_missing,       // needed: the earlier copy never came past here
  acknowledged_after,       // needed: acknowledged one round trip after this copy
  paws_dropped,             // needed: the receiver's PAWS refused the earlier copy
  corrupted,                // needed: the earlier copy was damaged on the way
  not_taken,                // needed: the receiver took the SYN alone, not the data that it carried
  reneged,                  // needed: the receiver gave up what it had SACKed
  no_answer,                // nothing tells
};

struct Verdict {
  Placement placement{};
  Origin origin{};
  Trigger trigger{};
  AckVerdict ack{};
  WindowVerdict window{};
  Acceptance acceptance{};
  OriginReason origin_reason{};
  DeliveryReason delivery_reason{};
  Confidence confidence{};           // of the origin, where it isn't `first`
  bool spurious : 1 = false;         // a retransmission whose earlier copy reached the receiver
  bool lost_upstream : 1 = false;    // what it fills was lost before this point
  bool lost_downstream : 1 = false;  // an earlier copy passed here and was needed again
  bool not_captured : 1 = false;     // the bytes below were delivered, but never seen here
  std::uint16_t connection_words = 0;

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// A verdict that will not change any more.
struct FrameVerdict {
  std::uint64_t frame = 0;
  std::uint64_t connection = 0;  // number of the connection's first frame
  Verdict verdict;
};

/// The words of DESIGN's table, in its order: "retransmission", "fast", "lost_downstream".
[[nodiscard]] std::vector<std::string_view> words_of(const Verdict& verdict);

/// The word of the table; empty for none.
[[nodiscard]] std::string_view to_string(Trigger trigger);
/// Why, in a few words; empty where there is nothing to explain.
[[nodiscard]] std::string_view to_string(OriginReason reason);
[[nodiscard]] std::string_view to_string(DeliveryReason reason);
[[nodiscard]] std::string_view to_string(Confidence confidence);

}  // namespace tapdeck
