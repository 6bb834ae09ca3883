// The two ends of a packet's conversation, as address translation sees them.
#pragma once

#include <cstdint>

#include "dissectors/address.h"

namespace tapdeck {

struct FlowEnd {
  IpAddress address;
  std::uint16_t port =
      0;  ///< 0 where there is none; of an ICMP query the identifier, at both ends.

  friend constexpr bool operator==(const FlowEnd&, const FlowEnd&) = default;
};

struct FlowEnds {
  FlowEnd source, destination;
  std::uint8_t ip_protocol = 0;
  /// What `port` holds; in a fragment that isn't the first nobody knows it.
  enum class Ports : std::uint8_t { none, ports, identifier, unknown };
  Ports ports = Ports::none;

  friend constexpr bool operator==(const FlowEnds&, const FlowEnds&) = default;
};

}  // namespace tapdeck
