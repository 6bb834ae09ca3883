#include "analyzer/anomalies/family.h"

#include <array>

namespace tapdeck {
namespace {

constexpr std::array families{&handshake_family, &data_family,     &acknowledgment_family,
                              &window_family,    &teardown_family, &network_family,
                              &security_family,  &capture_family};

constexpr std::array<std::string_view, alternative_count> alternatives{"network_loss",
                                                                       "capture_loss",
                                                                       "lost_acknowledgment",
                                                                       "reordering",
                                                                       "duplicate_frame",
                                                                       "needless_retransmission",
                                                                       "delayed_acknowledgment",
                                                                       "slow_application",
                                                                       "slow_network",
                                                                       "middlebox",
                                                                       "packet_filter",
                                                                       "host_restart",
                                                                       "connection_reuse",
                                                                       "injection",
                                                                       "offload",
                                                                       "capture_end",
                                                                       "clock_step"};

}  // namespace

std::span<const AnomalyFamily* const> anomaly_families() { return families; }

const AnomalyKind& kind_of(AnomalyType type) {
  auto at = static_cast<std::size_t>(type);
  for (const AnomalyFamily* family : families) {
    if (at < family->kinds.size()) return family->kinds[at];
    at -= family->kinds.size();
  }
  return families.front()->kinds.front();
}

Anomaly anomaly_of(AnomalyType type, Moment first, Moment last, std::uint64_t count) {
  return {.type = type,
          .severity = kind_of(type).severity,
          .direction = AnomalyDirection::none,
          .connection = 0,
          .first = first,
          .last = last,
          .count = count,
          .evidence = {},
          .considered = {}};
}

std::string_view to_string(AnomalyType type) { return kind_of(type).name; }

std::string_view to_string(Severity severity) {
  constexpr std::array<std::string_view, severity_count> words{"info", "note", "warning", "error"};
  return words[static_cast<std::size_t>(severity)];
}

std::string_view to_string(AnomalyDirection direction) {
  constexpr std::array<std::string_view, 4> words{"", "client_to_server", "server_to_client",
                                                  "both"};
  return words[static_cast<std::size_t>(direction)];
}

std::string_view to_string(Alternative alternative) {
  return alternatives[static_cast<std::size_t>(alternative)];
}

std::string_view to_string(OddOption option) {
  constexpr std::array<std::string_view, 4> words{"window_scale", "sack_permitted", "timestamps",
                                                  "maximum_segment_size"};
  return words[static_cast<std::size_t>(option)];
}

std::string_view to_string(LossPlace place) {
  constexpr std::array<std::string_view, 4> words{"unknown", "upstream", "downstream", "both"};
  return words[static_cast<std::size_t>(place)];
}

}  // namespace tapdeck
