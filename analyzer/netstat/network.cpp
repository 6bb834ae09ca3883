#include "analyzer/netstat/network.h"

#include <algorithm>
#include <bit>

namespace tapdeck {

std::uint8_t common_bits(const IpAddress& one, const IpAddress& other) {
  const std::size_t octets = bits_of(one) / 8U;
  for (std::size_t i = 0; i < octets; ++i) {
    const auto differing = static_cast<std::uint8_t>(one.octets[i] ^ other.octets[i]);
    if (differing == 0) continue;
    return static_cast<std::uint8_t>(i * 8 + static_cast<std::size_t>(std::countl_zero(differing)));
  }
  return bits_of(one);
}

bool Network::contains(const IpAddress& other) const {
  return other.version == address.version && common_bits(address, other) >= prefix;
}

Network network_of(const IpAddress& address) {
  return {.address = address, .prefix = bits_of(address)};
}

bool contains(std::span<const Network> networks, const IpAddress& address) {
  return std::ranges::any_of(networks,
                             [&](const Network& network) { return network.contains(address); });
}

Network without_host_bits(const Network& network) {
  Network result = network;
  for (std::size_t i = 0; i < result.address.octets.size(); ++i) {
    const std::size_t kept = network.prefix > i * 8 ? network.prefix - i * 8 : 0;
    if (kept >= 8) continue;
    result.address.octets[i] &= static_cast<std::uint8_t>(0xff00U >> kept);
  }
  return result;
}

std::string to_string(const Network& network) {
  const std::string address = to_string(network.address);
  if (network.prefix == bits_of(network.address)) return address;
  return address + "/" + std::to_string(network.prefix);
}

}  // namespace tapdeck
