// Where a frame names addresses outside of IP headers' own fields (ARP, ICMP, IGMP, options,
// extension headers, SCTP), and where MAC addresses stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dissectors/dissection.h"

namespace tapdeck {

struct AddressPlace {
  enum class Kind : std::uint8_t { mac, ipv4, ipv6 };
  Kind kind{};
  std::uint32_t at = 0;  ///< Octets from the frame's start; all of the address is captured.

  friend constexpr bool operator==(const AddressPlace&, const AddressPlace&) = default;
};

struct AddressPlaces {
  std::vector<AddressPlace> known;
  /// Octets from the frame's start: behind them may stand addresses that nobody knows of, in
  /// headers that can't be read or in an address that is cut.
  std::size_t readable = 0;
};

/// Fills `places` anew, in the order of the layers: of Ethernet headers and cooked captures the MAC
/// addresses; of ARP, ICMP, neighbour and listener discovery, IGMP, IPv4 options, IPv6 extension
/// headers, SCTP and TCP options those that they name. `dissection` was made by dissect_frame.
void find_address_places(const Dissection& dissection, AddressPlaces& places);

}  // namespace tapdeck
