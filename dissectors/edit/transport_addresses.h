// Where transports with several paths name further addresses of a host.
#pragma once

#include "dissectors/edit/address_collector.h"

namespace tapdeck {

/// The parameters of INIT, INIT ACK and ASCONF (RFC 9260 §3.3, RFC 5061 §4).
void add_sctp_addresses(AddressCollector& collector);

/// ADD_ADDR of Multipath TCP (RFC 8684 §3.4.1).
void add_tcp_option_addresses(AddressCollector& collector);

}  // namespace tapdeck
