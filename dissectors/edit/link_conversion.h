// Frames of one link made into those of another, Ethernet or bare IP: the link's own header goes,
// for Ethernet MAC addresses and an EtherType take its place.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "captures/packet.h"
#include "dissectors/address.h"

namespace tapdeck {

/// A packet without its link's header.
struct LinkPayload {
  static constexpr std::uint16_t ipv4 = 0x0800, ipv6 = 0x86dd;

  Bytes packet;
  std::uint16_t ether_type = 0;
  /// Who sent the frame, where the link's header says so by a MAC address.
  std::optional<MacAddress> source = std::nullopt;
  bool to_all = false;  ///< The link's header says that it was broadcast.

  [[nodiscard]] bool is_ip() const { return ether_type == ipv4 || ether_type == ipv6; }
};

/// True for the link types that link_payload_of reads.
[[nodiscard]] bool can_be_converted(LinkType link_type);

/// Nothing for frames of other link types, for those that are cut within the link's header, and for
/// those whose payload has no EtherType (negotiation on a PPP line, netlink). `bytes`: what there
/// is of the frame.
[[nodiscard]] std::optional<LinkPayload> link_payload_of(LinkType link_type, Bytes bytes);

/// Where Ethernet would send the packet whatever the MAC address of the next host: broadcast, and
/// what IP multicast maps to (RFC 1112 §6.4, RFC 2464 §7). Nothing: to the next host.
[[nodiscard]] std::optional<MacAddress> group_destination_of(const LinkPayload& payload);

/// Writes the frame over whatever `frame` held.
void write_ethernet_frame(const LinkPayload& payload, const MacAddress& source,
                          const MacAddress& destination, std::vector<std::byte>& frame);

}  // namespace tapdeck
