// Where the messages of ICMP and ICMPv6 name routers, neighbours and prefixes.
#pragma once

#include "dissectors/edit/address_collector.h"

namespace tapdeck {

/// RFC 792, RFC 1256. The packet that an error quotes has layers of its own.
void add_icmp_addresses(AddressCollector& collector);

/// Neighbour discovery and its options (RFC 4861); errors likewise.
void add_icmpv6_addresses(AddressCollector& collector);

}  // namespace tapdeck
