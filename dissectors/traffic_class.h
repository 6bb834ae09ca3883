// The octet that IPv4 calls type of service and IPv6 traffic class: DSCP (RFC 2474) and ECN
// (RFC 3168).
#pragma once

#include <cstdint>
#include <string_view>

#include "dissectors/field.h"

namespace tapdeck {

/// "CS0" for 0, "EF" for 46; empty where IANA's registry has none.
[[nodiscard]] std::string_view dscp_name(std::uint8_t dscp);

/// Both as parts of the field added last, which lies at `offset` and is `length` octets long.
void add_traffic_class_parts(FieldSink& sink, std::size_t offset, std::size_t length,
                             std::uint8_t traffic_class);

}  // namespace tapdeck
