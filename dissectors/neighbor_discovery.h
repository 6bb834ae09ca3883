// Neighbor discovery messages (RFC 4861 §4) and their options.
#pragma once

#include <cstdint>

#include "dissectors/field_cursor.h"

namespace tapdeck {

/// What follows the checksum of an ICMPv6 message of this type; nothing for other types.
void describe_neighbor_discovery(std::uint8_t icmpv6_type, FieldCursor& cursor);

}  // namespace tapdeck
