#include "analyzer/anomalies/facts.h"

namespace tapdeck {

std::int64_t ConnectionFacts::round_trip_ns() const {
  const Transfer* const forth = transfer(Side::client);
  const Transfer* const back = transfer(Side::server);
  if (forth != nullptr && back != nullptr && forth->round_trip.known() &&
      back->round_trip.known()) {
    return forth->round_trip.least() + back->round_trip.least();
  }
  return connection.handshake().rtt_ns().value_or(0);
}

Anomaly& note_whole(const EndFacts& facts, Findings& findings, AnomalyType type,
                    AnomalyDirection direction) {
  Anomaly& found = findings.note(type, direction, facts.first());
  found.include(facts.last());
  return found;
}

}  // namespace tapdeck
