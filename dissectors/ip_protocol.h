// IANA's protocol numbers that the analyzer tells apart.
#pragma once

#include <cstdint>

namespace tapdeck {

struct IpProtocol {
  static constexpr std::uint8_t icmp = 1, tcp = 6, udp = 17, dccp = 33, icmp_v6 = 58, sctp = 132,
                                udp_lite = 136;

  [[nodiscard]] static constexpr bool is_icmp(std::uint8_t protocol) {
    return protocol == icmp || protocol == icmp_v6;
  }
  [[nodiscard]] static constexpr bool has_ports(std::uint8_t protocol) {
    return protocol == tcp || protocol == udp || protocol == dccp || protocol == sctp ||
           protocol == udp_lite;
  }
};

}  // namespace tapdeck
