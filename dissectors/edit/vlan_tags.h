// Puts IEEE 802.1Q tags into an Ethernet frame, takes them out, changes them. No checksum covers
// them; a frame check sequence does.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "captures/bytes.h"

namespace tapdeck {

/// The fields of a tag; those that are empty stay as they are, in a new tag they are zero.
struct VlanFields {
  std::optional<std::uint16_t> type = {};  ///< 0x8100 in a new tag.
  std::optional<std::uint16_t> vlan_id = {};
  std::optional<std::uint8_t> priority = {};
  std::optional<bool> drop_eligible = {};

  friend bool operator==(const VlanFields&, const VlanFields&) = default;
};

/// How many tags stand in an Ethernet frame, as far as captured.
[[nodiscard]] std::size_t count_vlan_tags(Bytes frame);

/// `depth` counts tags from the outermost, 0. Each returns false where there is no such place.
/// The frame grows or shrinks by 4 octets.
bool push_vlan_tag(std::vector<std::byte>& frame, std::size_t depth, const VlanFields& fields);
bool pop_vlan_tag(std::vector<std::byte>& frame, std::size_t depth);
bool set_vlan_tag(std::vector<std::byte>& frame, std::size_t depth, const VlanFields& fields);

}  // namespace tapdeck
