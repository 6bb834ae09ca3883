// Names of registered numbers, for people to read.
#pragma once

#include <cstdint>
#include <string>

namespace tapdeck {

/// IEEE 802 numbers: "IPv4" for 0x0800; empty where unknown.
[[nodiscard]] std::string ether_type_name(std::uint16_t ether_type);

/// IANA protocol numbers: "TCP" for 6; empty where unassigned.
[[nodiscard]] std::string ip_protocol_name(std::uint8_t protocol);

}  // namespace tapdeck
