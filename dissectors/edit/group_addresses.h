// Where IGMP and multicast listener discovery name groups, and the sources that hosts want of them.
#pragma once

#include "dissectors/edit/address_collector.h"

namespace tapdeck {

/// Of every version (RFC 1112, RFC 2236, RFC 3376).
void add_igmp_addresses(AddressCollector& collector);

/// Likewise (RFC 2710, RFC 3810). Requires: it is one of their four messages.
void add_listener_addresses(AddressCollector& collector);

}  // namespace tapdeck
