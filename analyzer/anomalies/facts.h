// What detectors are told: of a segment when it passes, of a verdict when it is final, of a
// connection when it is over. All of it is of one connection; detectors change none of it.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/anomalies/episodes.h"
#include "analyzer/anomalies/watch_slabs.h"
#include "analyzer/flow/conversation.h"
#include "analyzer/tcp/connection.h"

namespace tapdeck {

struct ConnectionFacts {
  const Conversation& conversation;
  const TcpConnection& connection;
  const TcpSlabs& slabs;
  Watch watch;  // what detectors keep for themselves

  [[nodiscard]] const EndpointMachine& machine(Side side) const {
    return connection.states().of(side);
  }
  [[nodiscard]] const SendSpace& sent_by(Side side) const { return connection.endpoint(side).send; }
  /// Null before the first segment behind the handshake's SYNs.
  [[nodiscard]] const Transfer* transfer(Side side) const {
    return connection.judge().sent_by(slabs, side);
  }
  /// The least round trip between both ends that was seen; 0: unknown.
  [[nodiscard]] std::int64_t round_trip_ns() const;
};

/// A segment that the connection has taken in.
struct SegmentInPassing {
  const Segment& segment;
  Side from{};
  Moment moment;
  const Judge::Result& result;

  [[nodiscard]] TcpState before(Side side) const { return result.states_before[index_of(side)]; }
};

/// What sets a segment apart from the data and acknowledgments that an open connection is made of.
struct Sign {
  static constexpr std::uint16_t syn = 1, fin = 2, reset = 4, no_ack = 8, urgent = 16, sack = 32,
                                 congestion = 64, no_timestamps = 128, empty = 256, old_ack = 512,
                                 closing = 1024, awaited = 2048, ecn_echo = 4096;
};

struct SegmentFacts : ConnectionFacts, SegmentInPassing {
  std::uint16_t signs = 0;             // bits of Sign
  std::int64_t longest_of_two_ns = 0;  // of the silence before it and the one before that
};

/// A verdict that says more than "new bytes, in order" or "an ACK that advances". It comes when it
/// is final: later segments may have passed.
struct VerdictFacts : ConnectionFacts {
  const JudgedSegment& judged;

  [[nodiscard]] Moment moment() const { return {.frame = judged.frame, .time_ns = judged.time_ns}; }
  [[nodiscard]] bool is_syn() const {
    const SendSpace& sent = sent_by(judged.from);
    return sent.has_iss() && judged.begin == sent.iss() && !(judged.begin == judged.end);
  }
  [[nodiscard]] bool is_fin() const {
    const EndpointMachine& sender = machine(judged.from);
    return sender.sent_fin && judged.end == sender.fin + 1;
  }
};

/// The facts of the old connection, and the SYN of the new one.
struct ReopeningFacts : ConnectionFacts {
  const Segment& segment;
  Side from{};  // in the old connection
  Moment moment;
};

struct EndFacts : ConnectionFacts {
  /// The last frame that was looked at, of whatever conversation.
  Moment end;

  [[nodiscard]] Moment first() const {
    return {.frame = conversation.first_frame, .time_ns = conversation.details->start_ns};
  }
  [[nodiscard]] Moment last() const {
    return {.frame = conversation.details->last_frame, .time_ns = conversation.end_ns};
  }
  [[nodiscard]] const Traffic& traffic(Side side) const {
    return conversation.details->traffic[index_of(side)];
  }
  [[nodiscard]] bool has_data() const {
    return conversation.details->traffic[0].payload_octets != 0 ||
           conversation.details->traffic[1].payload_octets != 0;
  }
};

/// What holds from a connection's first frame to its last.
Anomaly& note_whole(const EndFacts& facts, Findings& findings, AnomalyType type,
                    AnomalyDirection direction);

}  // namespace tapdeck
