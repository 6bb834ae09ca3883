// What is gathered of every host and of every port that answers, packet by packet and conversation
// by conversation: whose table is asked for is known only when it is asked for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "analyzer/anomalies/bounded_map.h"
#include "analyzer/flow/flow_table.h"
#include "analyzer/netstat/host_counters.h"
#include "captures/packet.h"
#include "dissectors/checksum.h"
#include "dissectors/dissection.h"

namespace tapdeck {

struct HostFacts {
  HostCounters counters;
  std::uint64_t conversations = 0;  // of TCP and UDP
  std::uint64_t frames = 0;         // either way
  /// From the capture point to it and back, at least.
  std::int64_t nearest_ns = std::numeric_limits<std::int64_t>::max();
  std::optional<MacAddress> sender;  // the link-layer address that its first packet came from
  bool captures = false;             // a cooked capture says that it sent this itself
};

/// When a port last answered somebody who called, and when it last refused.
struct PortFacts {
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

  std::int64_t answered_ns = never;
  std::int64_t refused_ns = never;

  [[nodiscard]] bool listens() const { return answered_ns > refused_ns; }
};

struct GatheredFacts {
  static constexpr std::size_t most = 16'384;

  HostTable<HostFacts, most> hosts;
  HostTable<PortFacts, most> tcp_ports, udp_ports;
  std::uint64_t conversations = 0;

  [[nodiscard]] std::uint64_t left_out() const {
    return hosts.dropped() + tcp_ports.dropped() + udp_ports.dropped();
  }

  void add_packet(const Packet& packet, const Dissection& dissection,
                  const ChecksumReport& checksums);

  /// To be called once of each conversation. `is_open`: it hasn't ended yet.
  void add_conversation(const FlowTable& table, const Conversation& conversation, bool is_open);
};

}  // namespace tapdeck
