// What tells conversations apart: the canonical 5-tuple, with tunnel ids and, if asked, VLAN ids.
#pragma once

#include <cstdint>
#include <cstring>

#include "analyzer/flow/socket.h"
#include "dissectors/address.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {

/// Which way a packet goes through its flow's key.
enum class Direction : std::uint8_t { low_to_high, high_to_low };

[[nodiscard]] constexpr Direction opposite(Direction direction) {
  return direction == Direction::low_to_high ? Direction::high_to_low : Direction::low_to_high;
}

/// The lower of the two sockets stands first, so both directions make one key. Without padding:
/// equal keys are equal octets.
struct FlowKey {
  std::array<std::uint8_t, 16> low_address{};
  std::array<std::uint8_t, 16> high_address{};
  std::uint16_t low_port = 0;   // of ICMP echo the identifier; 0 where there are no ports
  std::uint16_t high_port = 0;  // likewise
  std::uint8_t ip_protocol = 0;
  std::uint8_t ip_version = 4;
  std::uint16_t reserved = 0;
  std::uint32_t tunnels = 0;  // number of the stack of tunnel ids, 0: none
  std::uint32_t vlans = 0;    // number of the stack of VLAN ids, 0: none or not asked for

  [[nodiscard]] IpAddress low() const { return {low_address, ip_version}; }
  [[nodiscard]] IpAddress high() const { return {high_address, ip_version}; }
  /// Who sends what goes in `direction`.
  [[nodiscard]] Socket sender(Direction direction) const {
    const bool is_low = direction == Direction::low_to_high;
    Socket socket{.address = is_low ? low() : high(), .port = std::nullopt};
    if (IpProtocol::has_ports(ip_protocol)) socket.port = is_low ? low_port : high_port;
    return socket;
  }

  friend bool operator==(const FlowKey& a, const FlowKey& b) {
    return std::memcmp(&a, &b, sizeof(FlowKey)) == 0;
  }
};
static_assert(sizeof(FlowKey) == 48);

struct DirectedKey {
  FlowKey key;
  Direction direction{};
};

/// Orders the two ends. Where both sockets are equal, a host talking to itself, every packet goes
/// low to high.
[[nodiscard]] DirectedKey make_flow_key(const IpAddress& source, std::uint16_t source_port,
                                        const IpAddress& destination,
                                        std::uint16_t destination_port, std::uint8_t ip_protocol);

/// Picks one of 256 shards; fixed, so that results don't depend on the run.
[[nodiscard]] std::uint8_t shard_of(const FlowKey& key);

/// For the table inside a shard; `seed` is fresh for every run, so that nobody can prepare
/// colliding keys.
[[nodiscard]] std::uint32_t table_hash(const FlowKey& key, std::uint64_t seed);

}  // namespace tapdeck
