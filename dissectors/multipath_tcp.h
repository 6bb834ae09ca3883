// The options of Multipath TCP (RFC 8684 §3), all of one kind and told apart by a subtype.
#pragma once

#include <cstdint>
#include <string_view>

#include "dissectors/field_cursor.h"

namespace tapdeck {

/// "MP_CAPABLE" for 0; empty where unassigned.
[[nodiscard]] std::string_view multipath_subtype_name(std::uint8_t subtype);

/// What follows kind and length. The form of MP_JOIN depends on the segment's flags.
void describe_multipath_tcp(FieldCursor& option, std::uint8_t flags);

}  // namespace tapdeck
