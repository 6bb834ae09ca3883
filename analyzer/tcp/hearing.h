// What the units that judge a segment are given: the segment with its connection, what is kept of
// both directions, and the verdict as far as it goes.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/flow/side.h"
#include "analyzer/tcp/connection_states.h"
#include "analyzer/tcp/endpoint.h"
#include "analyzer/tcp/handshake.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/origin.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/tcp_slabs.h"

namespace tapdeck {

/// One segment with the connection that it belongs to.
struct Case {
  TcpSlabs& slabs;
  std::array<TcpEndpoint, 2>& endpoints;
  const ConnectionStates& states;  // after the segment
  const Handshake& handshake;
  Side from;
  const Segment& segment;
  Moment moment;
  bool refused = false;       // by its receiver: it moves nothing
  bool bad_checksum = false;  // damaged on the way: its receiver drops it

  [[nodiscard]] SendSpace& own_space() const { return endpoints[index_of(from)].send; }
  [[nodiscard]] SendSpace& peer_space() const { return endpoints[index_of(other(from))].send; }
};

/// What holds while one segment is judged.
struct Hearing {
  const Case& at_hand;
  Transfer& own;    // of what the segment's sender sends
  Transfer& peers;  // of what it receives
  JudgedSegment judged;
  PendingVerdict pending;
  MissingPackets before = {};  // of its sender, right before it
  bool in_recovery = false;    // was its sender, before this repeat
};

[[nodiscard]] PathView path_of(const Hearing& hearing);

/// As both ends agreed.
[[nodiscard]] bool goes_without_sack(const Case& at_hand);

}  // namespace tapdeck
