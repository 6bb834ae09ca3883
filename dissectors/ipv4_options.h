// The options of an IPv4 header (RFC 791 §3.1, IANA "IP Option Numbers").
#pragma once

#include <cstdint>
#include <optional>

#include "captures/bytes.h"
#include "dissectors/address.h"
#include "dissectors/field_cursor.h"

namespace tapdeck {

/// Option types as IANA lists them, the copied bit and the class included.
struct Ipv4OptionType {
  static constexpr std::uint8_t end = 0, no_operation = 1, record_route = 7, mtu_probe = 11,
                                mtu_reply = 12, quick_start = 25, timestamp = 68, traceroute = 82,
                                security = 130, loose_source_route = 131, extended_security = 133,
                                commercial_security = 134, stream_id = 136,
                                strict_source_route = 137, router_alert = 148;
};

/// Where the packet finally goes if it carries a source route not yet at its end: the last address
/// of the route. Cut or malformed options before the route: none.
[[nodiscard]] std::optional<IpAddress> end_of_source_route(Bytes options);

/// A field for each option, the octets after the end included.
void describe_ipv4_options(FieldCursor& cursor);

}  // namespace tapdeck
