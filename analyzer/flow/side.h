// The two ends of a conversation.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tapdeck {

enum class Side : std::uint8_t { client, server };

[[nodiscard]] constexpr Side other(Side side) {
  return side == Side::client ? Side::server : Side::client;
}
/// For arrays that hold a value for each side.
[[nodiscard]] constexpr std::size_t index_of(Side side) { return static_cast<std::size_t>(side); }

/// By what the client was told from the server, the surest first.
enum class ClientKnownBy : std::uint8_t {
  syn,           // it sent the first SYN
  syn_ack,       // the other side sent a SYN+ACK
  port,          // the other side's port is of a lower class, or alone has a registered service
  first_sender,  // nothing but the order of packets
};

}  // namespace tapdeck
