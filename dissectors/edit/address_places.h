// Where a frame names addresses outside of IP headers (ARP, neighbour discovery), and where MAC
// addresses stand.
#pragma once

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

/// Fills `places` anew, in the order of the layers: of Ethernet headers and cooked captures the MAC
/// addresses; of ARP, and of neighbour discovery and its options, both kinds.
void find_address_places(const Dissection& dissection, std::vector<AddressPlace>& places);

}  // namespace tapdeck
