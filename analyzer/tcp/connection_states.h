// Both endpoints' RFC 9293 machines, as a passive observer can run them, and what was seen of the
// connection's end.
//
// An endpoint moves when it is seen to send something, or to acknowledge something and so to have
// received it. It is presumed to move where what it receives is seen on its way and nothing need
// answer it: the ACK of its SYN or FIN, and a reset. Its own next words confirm that, or take it
// back: who repeats a SYN+ACK or FIN has not got the ACK. What the receiver would not accept moves
// nobody. TIME-WAIT lasts for two maximum segment lifetimes of packet time, and the connection
// is forgotten with it: no segment shows its end.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "analyzer/flow/side.h"
#include "analyzer/tcp/acceptance.h"
#include "analyzer/tcp/endpoint_machine.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/receiver_view.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/send_space.h"
#include "analyzer/tcp/state_log.h"
#include "analyzer/tcp/state_verdict.h"

namespace tapdeck {

enum class TeardownKind : std::uint8_t { none, fin, reset, timeout };

/// What was seen of the end.
struct Teardown {
  TeardownKind kind{};
  std::optional<Side> by;    // empty: nobody, or both if `crossed`
  bool crossed = false;      // two FINs, each sent before the other's arrived
  bool half_closed = false;  // data went on against an acknowledged FIN
  Moment at;                 // the first FIN or the reset
};

/// A segment on its way, and what both ends had sent before it.
struct SegmentInPlace {
  Side from{};
  const Segment& segment;
  Moment moment;
  bool bad_checksum = false;
  std::array<const SendSpace*, 2> sent;  // by the sender's Side

  [[nodiscard]] const SendSpace& sent_by(Side side) const { return *sent[index_of(side)]; }
};

class ConnectionStates {
 public:
  struct Outcome {
    StateVerdict verdict;
    /// Neither end changes by it: the receiver refuses it, or it was damaged on its way.
    bool moves_nothing = false;
    /// What the receiver sent before was of no connection, or of an earlier one: the caller
    /// forgets its send space.
    bool forgets_receiver = false;
  };

  /// Requires: `in_place.sent` doesn't hold the segment yet.
  Outcome on_segment(StateChangeSlab& slab, const SegmentInPlace& in_place);

  /// A SYN asks for a new connection on the sockets of this one, which keeps its states. Returns
  /// what is to be said of that SYN.
  StateVerdict on_reopening(const SegmentInPlace& syn);
  /// This connection is the new one: `verdict` is said of its first segment.
  void begin_over(const StateVerdict& verdict) { x_opening = verdict; }

  /// Both ends opened a new connection on the same sockets: this one is over.
  void on_superseded(StateChangeSlab& slab, Moment moment);

  /// Both ends were silent for so long that it is no longer followed.
  void on_silence() {
    if (x_teardown.kind == TeardownKind::none) x_teardown.kind = TeardownKind::timeout;
  }

  [[nodiscard]] const EndpointMachine& of(Side side) const { return x_machines[index_of(side)]; }
  [[nodiscard]] const ReceiverView& view(Side side) const { return x_views[index_of(side)]; }
  /// Behind the last of its members that every segment reads.
  [[nodiscard]] const void* hot_end() const { return &x_machines; }
  [[nodiscard]] const Teardown& teardown() const { return x_teardown; }
  [[nodiscard]] const StateLog& log() const { return x_log; }

  /// Both ends are known to be established and nothing is awaited of them: what they accept and
  /// carries neither SYN, FIN nor RST changes nothing but their views.
  [[nodiscard]] bool is_quiet() const;
  /// Such a segment.
  void on_predicted(const SegmentInPlace& in_place) { take_view(in_place); }

  /// Neither end will take another segment of this connection, but for repeats of the last ones.
  [[nodiscard]] bool is_over() const;

  void clear(StateChangeSlab& slab) { x_log.clear(slab); }

 private:
  [[nodiscard]] KnownEnd known(const SegmentInPlace& in_place, Side side) const;
  void judge(const SegmentInPlace& in_place, Outcome& outcome);
  [[nodiscard]] bool is_damaged(const SegmentInPlace& in_place);
  [[nodiscard]] bool lacks_ack(const SegmentInPlace& in_place, StateChangeReason reason) const;
  void advance(StateChangeSlab& slab, const SegmentInPlace& in_place, Outcome& outcome);

  void expect_challenge(const SegmentInPlace& in_place, Acceptance acceptance);
  [[nodiscard]] bool answers_challenge(const SegmentInPlace& in_place);
  void take_view(const SegmentInPlace& in_place);
  void confirm(StateChangeSlab& slab, const SegmentInPlace& in_place);

  void on_syn(StateChangeSlab& slab, const SegmentInPlace& in_place, Outcome& outcome);
  void on_bare_syn(StateChangeSlab& slab, const SegmentInPlace& in_place, Outcome& outcome);
  void on_syn_ack(StateChangeSlab& slab, const SegmentInPlace& in_place);
  void on_traffic(StateChangeSlab& slab, const SegmentInPlace& in_place);
  void on_acknowledged_syn(StateChangeSlab& slab, const SegmentInPlace& in_place);

  void note_fin(const SegmentInPlace& in_place, Outcome& outcome);
  void on_acknowledged_fin(StateChangeSlab& slab, const SegmentInPlace& in_place);
  void on_fin_received(StateChangeSlab& slab, Side receiver, Moment moment);
  void on_fin_acknowledged(StateChangeSlab& slab, Side owner, Moment moment);
  void on_fin(StateChangeSlab& slab, const SegmentInPlace& in_place);
  void on_repeated_fin(StateChangeSlab& slab, const SegmentInPlace& in_place);
  void on_reset(StateChangeSlab& slab, const SegmentInPlace& in_place);

  void change(StateChangeSlab& slab, Side side, TcpState to, StateChangeReason reason,
              Moment moment);

  EndpointMachine& at(Side side) { return x_machines[index_of(side)]; }

  std::array<ReceiverView, 2> x_views;  // what every segment changes stands first
  std::array<EndpointMachine, 2> x_machines;
  Teardown x_teardown;
  StateLog x_log;
  StateVerdict x_opening;
  bool x_is_opened = false;      // no SYN waits for its ACK
  bool x_said_complete = false;  // the handshake was, once
};

}  // namespace tapdeck
