// What the errors of ICMP and ICMPv6 say alike, for whoever needs their meaning and not their
// numbers.
#pragma once

#include "dissectors/icmp.h"
#include "dissectors/icmpv6.h"

namespace tapdeck {

/// Nobody listens on the port that the quoted packet went to (RFC 792, RFC 4443 §3.1). `version` is
/// 4 for ICMP, 6 for ICMPv6.
[[nodiscard]] constexpr bool is_port_unreachable(std::uint8_t version, std::uint8_t type,
                                                 std::uint8_t code) {
  return version == 4 ? type == IcmpType::destination_unreachable && code == 3
                      : type == Icmpv6Type::destination_unreachable && code == 4;
}

}  // namespace tapdeck
