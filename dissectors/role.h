// What part a header plays in a packet.
#pragma once

#include <cstdint>

namespace tapdeck {

enum class Role : std::uint8_t {
  link,       // starts a frame
  tag,        // a VLAN tag
  network,    // addresses hosts: IPv4, IPv6, ARP does not count
  extension,  // an IPv6 extension header
  transport,  // addresses processes, or ends the addressing: TCP, UDP, SCTP, ICMP
  tunnel,     // carries a packet of its own; may have an id
  other,      // a neighbour of IP: ARP, IGMP, LLC
};

}  // namespace tapdeck
