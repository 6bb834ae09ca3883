// Packets that tests wrap into whatever they test. Addresses are those that RFC 5737 and RFC 3849
// keep for examples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/support/dissect.h"
#include "tests/support/hex.h"

namespace tapdeck::test {

// IP 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
inline constexpr std::string_view ipv4_udp =
    "4500 001e 0001 0000 4011 8e97 c000 0201 c633 6402"
    "0457 08ae 000a 0000 6869";

// IP6 2001:db8::1.1111 > 2001:db8::2.2222: UDP, length 2
inline constexpr std::string_view ipv6_udp =
    "6000 0000 000a 1140 2001 0db8 0000 0000 0000 0000 0000 0001"
    "2001 0db8 0000 0000 0000 0000 0000 0002"
    "0457 08ae 000a 0000 6869";

// 02:00:00:00:00:01 > 02:00:00:00:00:02, and the EtherType is still to come.
inline constexpr std::string_view macs = "0200 0000 0002 0200 0000 0001";

// The same with type and packet.
inline constexpr std::string_view ethernet_ipv4_udp =
    "0200 0000 0002 0200 0000 0001 0800"
    "4500 001e 0001 0000 4011 8e97 c000 0201 c633 6402"
    "0457 08ae 000a 0000 6869";

inline void put_big_endian(std::vector<std::byte>& bytes, std::size_t at, std::size_t value) {
  bytes[at] = static_cast<std::byte>(value >> 8U);
  bytes[at + 1] = static_cast<std::byte>(value);
}

/// An Ethernet frame with an IPv4 packet from 203.0.113.1 to 203.0.113.2 around the payload.
inline std::vector<std::byte> in_ipv4(std::uint8_t protocol,
                                      const std::vector<std::byte>& payload) {
  auto frame = hex(macs, "0800 4500 0000 0001 0000 4000 0000 cb00 7101 cb00 7102");
  frame[23] = static_cast<std::byte>(protocol);
  put_big_endian(frame, 16, 20 + payload.size());
  frame.insert(frame.end(), payload.begin(), payload.end());
  return {frame.begin(), frame.end()};
}

/// Likewise with UDP from port 50000.
inline std::vector<std::byte> in_udp(std::uint16_t port, const std::vector<std::byte>& payload) {
  auto datagram = hex("c350 0000 0000 0000");
  put_big_endian(datagram, 2, port);
  put_big_endian(datagram, 4, 8 + payload.size());
  datagram.insert(datagram.end(), payload.begin(), payload.end());
  return in_ipv4(17, datagram);
}

}  // namespace tapdeck::test
