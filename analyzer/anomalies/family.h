// A family of anomalies: what its types mean, and the detectors that find them. A new anomaly is an
// enumerator, and an entry in its family's file.
#pragma once

#include <span>
#include <string_view>

#include "analyzer/anomalies/anomaly.h"

namespace tapdeck {

struct SegmentFacts;
struct VerdictFacts;
struct EndFacts;
struct ReopeningFacts;
class Findings;

struct AnomalyKind {
  AnomalyType type{};
  std::string_view name;
  Severity severity{};          // unless what was found says otherwise
  std::string_view definition;  // a sentence, as in the documentation
  /// The sentence about one of them, as analyzer/report/explanation.h reads it.
  std::string_view explanation;
};

struct AnomalyFamily {
  std::string_view name;
  std::span<const AnomalyKind> kinds;  // in the order of AnomalyType
  std::uint16_t signs = 0;             // bits of Sign, see facts.h
  /// Each segment of TCP that shows one of these signs, once it was judged.
  void (*on_segment)(const SegmentFacts& facts, Findings& findings) = nullptr;
  /// Each final verdict that isn't plain: see VerdictFacts.
  void (*on_verdict)(const VerdictFacts& facts, Findings& findings) = nullptr;
  /// A SYN that begins a new connection on the sockets of one that is known. The findings are the
  /// new one's.
  void (*on_reopening)(const ReopeningFacts& facts, Findings& findings) = nullptr;
  /// The end of each connection of TCP: for each side, and for the whole.
  void (*on_end_of_side)(const EndFacts& facts, Findings& findings, Side side) = nullptr;
  void (*on_end)(const EndFacts& facts, Findings& findings) = nullptr;
};

extern const AnomalyFamily handshake_family, data_family, acknowledgment_family, window_family,
    teardown_family, network_family, security_family, capture_family;

/// In the order of AnomalyType.
[[nodiscard]] std::span<const AnomalyFamily* const> anomaly_families();
[[nodiscard]] const AnomalyKind& kind_of(AnomalyType type);
/// Of its kind's severity, and of no connection nor direction yet.
[[nodiscard]] Anomaly anomaly_of(AnomalyType type, Moment first, Moment last, std::uint64_t count);

[[nodiscard]] std::string_view to_string(AnomalyType type);
[[nodiscard]] std::string_view to_string(Severity severity);
[[nodiscard]] std::string_view to_string(AnomalyDirection direction);
[[nodiscard]] std::string_view to_string(Alternative alternative);
[[nodiscard]] std::string_view to_string(LossPlace place);
[[nodiscard]] std::string_view to_string(OddOption option);

}  // namespace tapdeck
