// Selectors: the numbers by which one header says what comes next, and by which a dissector says
// where it attaches.
#pragma once

#include <cstdint>

#include "captures/link_type.h"

namespace tapdeck {

enum class SelectorSpace : std::uint8_t {
  none,         // nothing known follows: the rest is payload
  link_type,    // of the capture file
  ether_type,   // IEEE 802 numbers; also of GRE, SNAP, SLL, Geneve and ERSPAN payloads
  llc_sap,      // IEEE 802.2 destination service access point
  ppp,          // PPP protocol numbers
  nlpid,        // network layer protocol identifiers (ISO/IEC TR 9577) that have no EtherType
  ip_protocol,  // IANA protocol numbers, of IPv4 and IPv6 alike
  udp_port,     // a convention: whoever attaches must check that the payload is his
  inner,        // chosen by the enclosing dissector alone: see InnerHeader
};

/// Values of SelectorSpace::inner.
enum class InnerHeader : std::uint16_t {
  ip,                   // IPv4 or IPv6, told by the version
  mpls_payload,         // below the bottom of an MPLS stack: IP, or Ethernet over a pseudowire
  pseudowire_control,   // a pseudowire's control word, then Ethernet
  ieee802_11,           // a MAC frame below a radio header
  ieee802_11_padded,    // likewise, with its header padded to a multiple of 4 octets
  ieee802_11_subframe,  // the first of several packets in one 802.11 frame
  ppp_frame,            // PPP without HDLC framing
  llc,                  // an LLC header
};

/// One number, since a packet's way takes a few of them: what is written as a whole is read fast.
class Selector {
 public:
  constexpr Selector() = default;
  constexpr Selector(SelectorSpace space, std::uint16_t value)
      : x_key(static_cast<std::uint32_t>(space) << 16U | value) {}

  [[nodiscard]] constexpr SelectorSpace space() const {
    return static_cast<SelectorSpace>(x_key >> 16U);
  }
  [[nodiscard]] constexpr std::uint16_t value() const { return static_cast<std::uint16_t>(x_key); }
  /// Differs where space or value does; 0 for SelectorSpace::none.
  [[nodiscard]] constexpr std::uint32_t key() const { return x_key; }

  friend constexpr bool operator==(Selector, Selector) = default;

 private:
  std::uint32_t x_key = 0;
};

/// Lower numbers where EtherTypes stand are lengths or mean something else (IEEE 802.3 §3.2.6).
inline constexpr std::uint16_t smallest_ether_type = 0x0600;

constexpr Selector by(LinkType link_type) {
  return {SelectorSpace::link_type, static_cast<std::uint16_t>(link_type)};
}
constexpr Selector by_ether_type(std::uint16_t value) { return {SelectorSpace::ether_type, value}; }
constexpr Selector by_llc_sap(std::uint8_t value) { return {SelectorSpace::llc_sap, value}; }
constexpr Selector by_ppp(std::uint16_t value) { return {SelectorSpace::ppp, value}; }
constexpr Selector by_nlpid(std::uint8_t value) { return {SelectorSpace::nlpid, value}; }
constexpr Selector by_ip_protocol(std::uint8_t value) {
  return {SelectorSpace::ip_protocol, value};
}
constexpr Selector by_udp_port(std::uint16_t value) { return {SelectorSpace::udp_port, value}; }
constexpr Selector by(InnerHeader header) {
  return {SelectorSpace::inner, static_cast<std::uint16_t>(header)};
}

}  // namespace tapdeck
