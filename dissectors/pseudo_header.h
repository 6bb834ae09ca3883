// The pseudo-header that TCP, UDP and ICMPv6 checksums cover (RFC 9293 §3.1, RFC 8200 §8.1): the
// addresses of the ends, which routing headers, source routes and mobility keep elsewhere than in
// the header while the packet travels.
#pragma once

#include <cstdint>

#include "dissectors/dissection.h"
#include "dissectors/network.h"

namespace tapdeck {

struct PseudoHeader {
  AddressPair addresses;
  /// The network header declares more octets than the frame had: somebody clipped the packet, so
  /// no sum over it can come out right.
  bool clipped = false;

  /// Its one's complement sum. `length` counts transport header and data.
  [[nodiscard]] std::uint16_t sum(std::uint8_t protocol, std::size_t length) const;
};

/// Of a transport layer. Requires: a network layer lies before it.
[[nodiscard]] PseudoHeader pseudo_header_of(const Dissection& dissection, const Layer& transport);

}  // namespace tapdeck
