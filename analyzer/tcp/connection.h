// A TCP connection as a passive observer sees it: two endpoints of one type. What holds for both
// directions is written once and called with the sides swapped.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "analyzer/flow/side.h"
#include "analyzer/tcp/endpoint.h"
#include "analyzer/tcp/handshake.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/state_log.h"

namespace tapdeck {

/// Where connections keep what few of them need.
struct TcpSlabs {
  MissingRangeSlab missing;
  StateChangeSlab changes;
};

/// Frame and time of the segment at hand.
struct Moment {
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
};

enum class TeardownKind : std::uint8_t { none, fin, reset, timeout };

/// What was seen of the end.
struct Teardown {
  TeardownKind kind{};
  std::optional<Side> by;    // empty: nobody, or both if `crossed`
  bool crossed = false;      // two FINs, each sent before the other's arrived
  bool half_closed = false;  // data went on against an acknowledged FIN
  std::uint64_t frame = 0;   // of the first FIN or the reset
};

class TcpConnection {
 public:
  void on_segment(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment,
                  bool bad_checksum);

  /// Both ends opened a new connection on the same sockets: this one is over.
  void on_superseded(TcpSlabs& slabs, Moment moment);

  [[nodiscard]] const TcpEndpoint& endpoint(Side side) const { return x_endpoints[index_of(side)]; }
  [[nodiscard]] const Handshake& handshake() const { return x_handshake; }
  [[nodiscard]] const Teardown& teardown() const { return x_teardown; }
  [[nodiscard]] const StateLog& state_log() const { return x_state_log; }
  [[nodiscard]] const ZeekHistory& history() const { return x_history; }

  /// Neither end will take another segment of this connection, but for repeats of the last ones.
  [[nodiscard]] bool is_over() const;
  /// A SYN was sent and nothing answered it yet that this connection's server would send.
  [[nodiscard]] bool is_attempt() const;

  /// Gaps, changes of state and letters of history that did not fit.
  [[nodiscard]] std::uint64_t details_dropped() const;

  void note_flipped() { x_history.add('^'); }
  void clear(TcpSlabs& slabs);

 private:
  void note_history(TcpSlabs& slabs, Side from, const Segment& segment, bool bad_checksum);
  void note_handshake(Side from, const Segment& segment, Moment moment);
  void note_teardown(Side from, const Segment& segment, Moment moment);
  void advance_states(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment);
  void on_syn(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment);
  void on_acknowledgment(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment);
  void on_fin(TcpSlabs& slabs, Side from, Moment moment);
  void on_reset(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment);
  void forget_refusal(TcpSlabs& slabs, Side refuser);
  void on_traffic(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment);
  [[nodiscard]] bool would_accept_reset(Side receiver, const Segment& segment) const;
  void change(TcpSlabs& slabs, Side side, TcpState to, StateChangeReason reason, Moment moment);

  TcpEndpoint& at(Side side) { return x_endpoints[index_of(side)]; }

  std::array<TcpEndpoint, 2> x_endpoints;
  Handshake x_handshake;
  Teardown x_teardown;
  StateLog x_state_log;
  ZeekHistory x_history;
};

}  // namespace tapdeck
