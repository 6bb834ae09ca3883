// Community ID, version 1 (github.com/corelight/community-id-spec): the key by which Zeek,
// Suricata, Arkime and Wireshark name the same flow.
#pragma once

#include <cstdint>
#include <string>

#include "analyzer/flow/flow_key.h"

namespace tapdeck {

struct CommunityIdFlow {
  IpAddress source, destination;
  std::uint16_t source_port = 0, destination_port = 0;  // of ICMP: type and code
  std::uint8_t ip_protocol = 0;
  bool has_ports = false;  // ICMP's type and code count as ports
};

/// With seed 0, as tools do unless told otherwise.
[[nodiscard]] std::string community_id(const CommunityIdFlow& flow);

}  // namespace tapdeck
