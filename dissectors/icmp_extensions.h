// The extension structure behind the packet that an ICMP error quotes (RFC 4884 §7), with the
// objects of RFC 4950 (MPLS) and RFC 5837 (interfaces).
#pragma once

#include "dissectors/field_cursor.h"
#include "dissectors/region.h"

namespace tapdeck {

/// Where in the message the structure begins, 0 if there is none. `quote_length` as the header
/// says; 0 if it doesn't: older routers then append extensions behind 128 octets (RFC 4884 §5.5).
[[nodiscard]] std::size_t icmp_extensions_at(Region message, bool is_error,
                                             std::size_t quote_length);

/// The structure from the cursor to its end.
void describe_icmp_extensions(FieldCursor& cursor);

}  // namespace tapdeck
