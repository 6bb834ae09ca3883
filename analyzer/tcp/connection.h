// A TCP connection as a passive observer sees it: two endpoints of one type. What holds for both
// directions is written once and called with the sides swapped.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/flow/side.h"
#include "analyzer/tcp/connection_states.h"
#include "analyzer/tcp/endpoint.h"
#include "analyzer/tcp/handshake.h"
#include "analyzer/tcp/judge.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/tcp_slabs.h"
#include "analyzer/tcp/zeek_view.h"

namespace tapdeck {

class alignas(64) TcpConnection {
 public:
  Judge::Result on_segment(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment,
                           bool bad_checksum);

  /// A SYN of `from` begins a new connection on these sockets. Returns what is to be said of it.
  StateVerdict on_reopening(Side from, const Segment& syn, Moment moment) {
    x_expected = 0;
    return x_states.on_reopening(place(from, syn, moment));
  }
  /// This is that new connection.
  void begin_over(const StateVerdict& verdict) {
    x_states.begin_over(verdict);
    x_judge.note_reopened();
  }

  /// Both ends opened a new connection on the same sockets: this one is over.
  void on_superseded(TcpSlabs& slabs, Moment moment) {
    x_expected = 0;
    x_states.on_superseded(slabs.changes, moment);
  }

  [[nodiscard]] const TcpEndpoint& endpoint(Side side) const { return x_endpoints[index_of(side)]; }
  [[nodiscard]] const Handshake& handshake() const { return x_handshake; }
  [[nodiscard]] const ConnectionStates& states() const { return x_states; }
  [[nodiscard]] const ZeekEndpoint& zeek(Side side) const { return x_zeek[index_of(side)]; }
  [[nodiscard]] const ZeekHistory& history() const { return x_history; }

  /// Neither end will take another segment of this connection, but for repeats of the last ones.
  [[nodiscard]] bool is_over() const { return x_states.is_over(); }
  /// A SYN was sent and nothing answered it yet that this connection's server would send.
  [[nodiscard]] bool is_attempt() const;

  /// Of slabs, once everything is judged and concluded.
  [[nodiscard]] std::size_t octets(const TcpSlabs& slabs) const;

  /// Gaps, changes of state and letters of history that did not fit.
  [[nodiscard]] std::uint64_t details_dropped(const TcpSlabs& slabs) const;

  [[nodiscard]] Judge& judge() { return x_judge; }
  [[nodiscard]] const Judge& judge() const { return x_judge; }
  void on_silence() { x_states.on_silence(); }

  /// Asks memory for what an expected segment will read.
  void prefetch() const { prefetch_lines_of(*this, x_judge.hot_begin(), x_states.hot_end()); }

  void note_flipped() { x_history.add('^'); }
  void clear(TcpSlabs& slabs);

 private:
  [[nodiscard]] static std::uint8_t expected_bit(Side from, bool with_payload) {
    return static_cast<std::uint8_t>(1U << (index_of(from) * 2U + (with_payload ? 1U : 0U)));
  }
  [[nodiscard]] std::uint8_t expected_after(const Case& at_hand) const;
  [[nodiscard]] bool is_expected(Side from, const Segment& segment) const;
  void note_history(Side from, const Segment& segment, bool bad_checksum);
  void note_octets(Side from, const Segment& segment, const Judge::Result& judged);
  void note_handshake(Side from, const Segment& segment, Moment moment);
  [[nodiscard]] SegmentInPlace place(Side from, const Segment& segment, Moment moment) const;
  ConnectionStates::Outcome advance_states(TcpSlabs& slabs, const SegmentInPlace& in_place);

  TcpEndpoint& at(Side side) { return x_endpoints[index_of(side)]; }

  // What every segment reads and changes lies together, in the last lines of the judge and the
  // first ones of the states.
  Judge x_judge;
  std::uint8_t x_expected = 0;  // what may follow the last segment: bits of expected_bit()
  std::array<TcpEndpoint, 2> x_endpoints;
  ConnectionStates x_states;
  Handshake x_handshake;
  std::array<ZeekEndpoint, 2> x_zeek;
  ZeekHistory x_history;
};

}  // namespace tapdeck
