// An address and a port: what RFC 9293 calls a socket. Conversations without ports have none.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dissectors/address.h"

namespace tapdeck {

struct Socket {
  IpAddress address;
  std::optional<std::uint16_t> port;

  friend bool operator==(const Socket&, const Socket&) = default;
};

/// RFC 6335 §6: what a port's number says of its registration, a convention and not a rule.
enum class PortClass : std::uint8_t { well_known, registered, dynamic };

[[nodiscard]] constexpr PortClass port_class_of(std::uint16_t port) {
  if (port <= 1023) return PortClass::well_known;
  return port <= 49151 ? PortClass::registered : PortClass::dynamic;
}

/// IANA's service name for the port of an IP protocol (TCP, UDP, SCTP, DCCP); empty where none is
/// registered. What is registered proves nothing of what is spoken.
[[nodiscard]] std::string_view service_name(std::uint16_t port, std::uint8_t ip_protocol);

}  // namespace tapdeck
