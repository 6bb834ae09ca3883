// The field tree of TCP options: every one that IANA lists by name, the others by their octets.
#pragma once

#include <cstdint>

#include "dissectors/field_cursor.h"

namespace tapdeck {

/// A field for each option up to the cursor's end, padding included. Some options mean another
/// thing in a segment with SYN: `flags` are the segment's.
void describe_tcp_options(FieldCursor& cursor, std::uint8_t flags);

}  // namespace tapdeck
