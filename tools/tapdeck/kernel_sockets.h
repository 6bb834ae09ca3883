// What the kernel of this network namespace says of its sockets, and which processes hold them.
#pragma once

#include <string>
#include <vector>

#include "analyzer/netstat/connection_table.h"

namespace tapdeck {

/// TCP's and UDP's, by NETLINK_SOCK_DIAG, with their processes, by /proc: of other users' ones only
/// as far as this user may look. Throws Failure(no_permission) where the kernel doesn't tell.
[[nodiscard]] std::vector<KernelSocket> read_kernel_sockets();

/// Of this host's interfaces.
[[nodiscard]] std::vector<Network> own_addresses();
[[nodiscard]] std::vector<MacAddress> own_link_addresses();

}  // namespace tapdeck
