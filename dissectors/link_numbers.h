// Names of the link layers' registered numbers, for people to read; empty where unknown.
#pragma once

#include <cstdint>
#include <string>

namespace tapdeck {

/// IANA PPP protocol numbers: "IPv4" for 0x0021.
[[nodiscard]] std::string ppp_protocol_name(std::uint16_t protocol);

/// IEEE 802.2 service access points: "SNAP" for 0xaa.
[[nodiscard]] std::string llc_sap_name(std::uint8_t sap);

/// Network layer protocol identifiers (ISO/IEC TR 9577): "IPv4" for 0xcc.
[[nodiscard]] std::string nlpid_name(std::uint8_t nlpid);

/// IANA ARP hardware types and Linux's own from 256: "Ethernet" for 1.
[[nodiscard]] std::string arp_hardware_name(std::uint16_t hardware);

}  // namespace tapdeck
