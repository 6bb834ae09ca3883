// Where the extension headers of IPv6 name nodes: routes, and a mobile node's home.
#pragma once

#include "dissectors/edit/address_collector.h"

namespace tapdeck {

/// Of every type whose addresses stand there in full (RFC 5095, RFC 6275, RFC 8754).
void add_routing_addresses(AddressCollector& collector);

/// Of hop-by-hop and destination options (RFC 6275 §6.3).
void add_ipv6_option_addresses(AddressCollector& collector);

}  // namespace tapdeck
