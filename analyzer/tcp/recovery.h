// A sender's loss recovery as the capture can follow it: which retransmission was drawn by ACKs and
// which by a timer (RFC 5681, 6298, 6675, 8985).
#pragma once

#include <cstdint>

#include "analyzer/tcp/seq_num.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

class Recovery {
 public:
  enum class Phase : std::uint8_t { open, recovering, after_timeout };

  /// What is known when a retransmission of [begin, end) passes.
  struct Repeat {
    SeqNum begin, end;
    SeqNum snd_una, snd_nxt;
    std::int64_t time_ns = 0;
    std::int64_t round_trip_ns = 0;  // smoothed, both halves; 0: unknown
    std::int64_t variation_ns = 0;
    std::int64_t sender_half_ns = 0;  // from here to the sender and back, the least
    std::int64_t seen_ns = 0;         // when its bytes were last seen; 0: never
    std::int64_t repeated_ns = 0;     // when its bytes were last sent again; 0: never
    std::int64_t syn_waited_ns = 0;   // what the sender timed of its SYN, before the last copy
    bool sacked_above = false;        // the peer holds bytes above it
    bool sack = false;                // the connection uses SACK
    bool syn = false;                 // it begins with one
    bool timer_fired = false;         // its sender's flow label tells so
    bool tail_goes_on = false;        // more was lost with it, above
    bool answers = false;             // a SYN+ACK: each SYN draws one
  };

  [[nodiscard]] Trigger on_retransmission(const Repeat& repeat);

  /// Any segment that the sender sent with bytes in it, retransmissions included, after they were
  /// judged.
  void on_sent(std::int64_t time_ns, bool nothing_outstanding) {
    x_last_sent_ns = time_ns;
    if (nothing_outstanding) x_timer_ns = time_ns;
  }
  void on_duplicate_ack(std::int64_t time_ns) {
    if (x_duplicate_acks != 255) ++x_duplicate_acks;
    x_last_ack_ns = x_last_sign_ns = time_ns;
  }
  void on_advance(SeqNum ack, std::int64_t time_ns);
  /// The window had no room for a segment, and has now: what follows it is new.
  void on_window_opened(std::int64_t time_ns) { x_last_ack_ns = time_ns; }
  /// News of bytes that the peer holds, whatever else the segment brings.
  void on_sack(std::int64_t time_ns) { x_last_sign_ns = time_ns; }
  /// An ACK that brings no news, or says that something came twice, answers the probe too: till one
  /// comes or an ACK of later bytes there is no other (RFC 8985 §7.4.2).
  void on_needless(SeqNum ack) {
    if (at_or_before(x_probe_end, ack)) x_probed = false;
  }
  /// The peer answered an earlier copy than the one sent at the timeout: the sender takes its
  /// reaction back (RFC 3522, RFC 4015).
  void on_undo() { x_phase = Phase::open; }

  [[nodiscard]] Phase phase() const { return x_phase; }
  /// Its sender takes word of what it hadn't sent again as a sign that the timeout was needless:
  /// not if the timer's was another loss of a recovery (RFC 5682 §2).
  [[nodiscard]] bool doubts_timeout() const { return x_doubts_timeout; }
  /// Whoever sends `begin` again hasn't heard that the last recovery ended.
  [[nodiscard]] bool goes_on_at(SeqNum begin) const {
    return x_phase != Phase::open || (x_began_ns != 0 && precedes(begin, x_point));
  }
  /// snd_nxt when the recovery began: an ACK of it ends it.
  [[nodiscard]] SeqNum point() const { return x_point; }
  /// An ACK up to there leaves the recovery unfinished.
  [[nodiscard]] bool is_partial(SeqNum ack) const {
    return x_phase != Phase::open && precedes(ack, x_point);
  }
  [[nodiscard]] std::uint8_t duplicate_acks() const { return x_duplicate_acks; }
  [[nodiscard]] std::int64_t last_sent_ns() const { return x_last_sent_ns; }
  /// When the peer last acknowledged something, for the first time or again, or opened its window;
  /// 0: never.
  [[nodiscard]] std::int64_t last_ack_ns() const { return x_last_ack_ns; }
  /// When the retransmission timer was last restarted: by an ACK that advances, or a repeat of what
  /// it waits for (RFC 6298 §5).
  [[nodiscard]] std::int64_t timer_ns() const { return x_timer_ns; }
  /// When the peer last said that bytes are missing; 0: never.
  [[nodiscard]] std::int64_t last_sign_ns() const { return x_last_sign_ns; }
  /// Timeouts since the last advance.
  [[nodiscard]] std::uint8_t timeouts_in_row() const { return x_timeouts; }
  /// When it last sent something again; 0: never.
  [[nodiscard]] std::int64_t last_repeat_ns() const { return x_last_repeat_ns; }
  /// How long the sender had been silent before the last retransmission judged.
  [[nodiscard]] std::int64_t silence_ns() const { return x_silence_ns; }
  /// The least that most systems let a retransmission timer run, and what is allowed for the way.
  static constexpr std::int64_t shortest_timer_ns = 180'000'000;
  /// RFC 6298 with the least that Linux and most others use, 200 ms.
  [[nodiscard]] static std::int64_t timeout_ns(std::int64_t round_trip_ns,
                                               std::int64_t variation_ns);

 private:
  [[nodiscard]] bool is_late(const Repeat& repeat) const;
  [[nodiscard]] static bool is_too_late_for_probe(const Repeat& repeat);
  [[nodiscard]] bool may_be_probe(const Repeat& repeat) const;
  [[nodiscard]] bool is_drawn(const Repeat& repeat, std::int64_t since_sign) const;
  [[nodiscard]] bool is_rest_of_lost_tail(const Repeat& repeat) const;
  [[nodiscard]] bool is_asked_for(const Repeat& repeat, std::int64_t since_sign) const;
  Trigger by_probe(const Repeat& repeat);
  Trigger by_timer(const Repeat& repeat, bool late);
  Trigger by_timeout(const Repeat& repeat);
  Trigger begin(Phase phase, const Repeat& repeat, Trigger trigger);

  Phase x_phase = Phase::open;
  bool x_probed = false;  // a tail loss probe went out that isn't answered for good
  bool x_doubts_timeout = false;
  bool x_ended_timeout = false;  // the recovery that ended last was a timeout's
  std::uint8_t x_duplicate_acks = 0;
  std::uint8_t x_timeouts = 0;
  SeqNum x_point;
  SeqNum x_probe_end;  // if x_probed
  std::int64_t x_last_sent_ns = 0;
  std::int64_t x_last_ack_ns = 0;
  std::int64_t x_timer_ns = 0;
  std::int64_t x_last_sign_ns = 0;
  std::int64_t x_silence_ns = 0;
  std::int64_t x_last_repeat_ns = 0;
  std::int64_t x_began_ns = 0;  // what isn't Phase::open
  std::int64_t x_ended_ns = 0;  // …by an ACK
};

}  // namespace tapdeck
