// Where the options of an IPv4 header name routers.
#pragma once

#include "dissectors/edit/address_collector.h"

namespace tapdeck {

/// Source routes, recorded routes, time stamps (RFC 791 §3.1) and traceroute (RFC 1393).
void add_ipv4_option_addresses(AddressCollector& collector);

}  // namespace tapdeck
