// What is told of a connection, or of the capture as a whole, beyond its single segments: an
// episode of one kind with its evidence. Numbers and enumerators only; reports make the sentences.
#pragma once

#include <cstdint>
#include <tuple>

#include "analyzer/anomalies/anomaly_type.h"
#include "analyzer/anomalies/evidence.h"
#include "analyzer/flow/side.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

enum class Severity : std::uint8_t {
  info,     // worth knowing, nothing to mend
  note,     // TCP at work: repaired at a small price
  warning,  // it hurts, or is suspicious
  error,    // the protocol is broken, the connection is, or somebody attacks it
};
inline constexpr std::size_t severity_count = 4;

/// Who sent what the anomaly is about.
enum class AnomalyDirection : std::uint8_t { none, client_to_server, server_to_client, both };

[[nodiscard]] constexpr AnomalyDirection sent_by(Side side) {
  return side == Side::client ? AnomalyDirection::client_to_server
                              : AnomalyDirection::server_to_client;
}

/// What else would look alike and was weighed.
enum class Alternative : std::uint8_t {
  network_loss,
  capture_loss,
  lost_acknowledgment,
  reordering,
  duplicate_frame,
  needless_retransmission,
  delayed_acknowledgment,
  slow_application,
  slow_network,
  middlebox,
  packet_filter,
  host_restart,
  connection_reuse,
  injection,
  offload,
  capture_end,
  clock_step,
};
inline constexpr std::size_t alternative_count = 17;

/// Those weighed, in the order of the enumeration.
class Alternatives {
 public:
  constexpr void add(Alternative alternative) { x_bits |= bit(alternative); }
  [[nodiscard]] constexpr bool has(Alternative alternative) const {
    return (x_bits & bit(alternative)) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return x_bits == 0; }

 private:
  static constexpr std::uint32_t bit(Alternative alternative) {
    return 1U << static_cast<std::uint32_t>(alternative);
  }
  std::uint32_t x_bits = 0;
};

struct Anomaly {
  AnomalyType type{};
  Severity severity{};
  AnomalyDirection direction{};
  Confidence confidence = Confidence::high;
  std::uint64_t connection = 0;  // number of the conversation's first frame; 0: of none
  Moment first, last;
  std::uint64_t count = 0;  // of what it is made of: segments, tries, stalls
  Evidence evidence;
  Alternatives considered;

  void include(Moment moment) {
    if (moment.frame < first.frame) first = moment;
    if (moment.frame > last.frame) last = moment;
  }
  Anomaly& consider(Alternative alternative) {
    considered.add(alternative);
    return *this;
  }
  Anomaly& at_least(Severity least) {
    if (severity < least) severity = least;
    return *this;
  }
};

/// The order in which reports list them.
[[nodiscard]] inline auto order_of(const Anomaly& anomaly) {
  return std::tuple{anomaly.first.frame, anomaly.connection, anomaly.type, anomaly.direction,
                    anomaly.last.frame};
}

}  // namespace tapdeck
