// What the kernel of this network namespace counts, and where it sends packets to.
#pragma once

#include <string>
#include <vector>

#include "analyzer/netstat/connection_table.h"

namespace tapdeck {

/// Since the namespace was made: of /proc/net/snmp, snmp6 and netstat what HostCounter has a word
/// for. Throws Failure(no_permission) where there is no /proc.
[[nodiscard]] HostCounters read_kernel_counters();

[[nodiscard]] std::vector<InterfaceRow> read_kernel_interfaces();

/// Those that are up, of its main tables, without local addresses.
[[nodiscard]] std::vector<RouteRow> read_kernel_routes();

}  // namespace tapdeck
