// An address with the number of its leading bits that count: "192.0.2.0/24".
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "dissectors/address.h"

namespace tapdeck {

struct Network {
  IpAddress address;
  std::uint8_t prefix = 0;  ///< At most 32, or 128.

  [[nodiscard]] bool contains(const IpAddress& other) const;

  friend bool operator==(const Network&, const Network&) = default;
};

[[nodiscard]] constexpr std::uint8_t bits_of(const IpAddress& address) {
  return address.version == 4 ? 32 : 128;
}

/// An address alone.
[[nodiscard]] Network network_of(const IpAddress& address);

[[nodiscard]] bool contains(std::span<const Network> networks, const IpAddress& address);

/// How many leading bits are equal. Requires: of the same version.
[[nodiscard]] std::uint8_t common_bits(const IpAddress& one, const IpAddress& other);

/// The network's own address: bits behind the prefix are zero.
[[nodiscard]] Network without_host_bits(const Network& network);

/// "192.0.2.0/24"; an address alone without its prefix.
[[nodiscard]] std::string to_string(const Network& network);

}  // namespace tapdeck
