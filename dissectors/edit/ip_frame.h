// A frame in which an IP header stands first, or follows MAC addresses and VLAN tags alone: what
// stands before it can be copied in front of each piece that the packet is cut into.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dissectors/dissection.h"

namespace tapdeck {

struct IpFrame {
  std::uint8_t version = 4;
  std::uint8_t network_layer = 0;  ///< Index of the IP header among the dissection's layers.
  std::size_t network = 0;         ///< Octets before the IP header.
  std::size_t network_end = 0;     ///< Octets before what follows it; IPv6: the fixed header alone.
  std::size_t end = 0;  ///< Octets before the padding, the whole frame where there is none.
};

/// Nothing for other frames, and for those of which the capture doesn't hold the whole packet.
[[nodiscard]] std::optional<IpFrame> ip_frame_of(const Dissection& dissection);

/// Total length and checksum of an IPv4 header, or IPv6's payload length, for a frame as long as
/// this one. Requires: the header lies as `ip` says, and the frame is at most 65,535 octets longer
/// than what stands before the IP header.
void write_ip_lengths(std::span<std::byte> frame, const IpFrame& ip);

}  // namespace tapdeck
