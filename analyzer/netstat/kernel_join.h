// What the kernel says of sockets beside what the wire showed of them.
#pragma once

#include <vector>

#include "analyzer/netstat/connection_table.h"

namespace tapdeck {

/// Adds the kernel's sockets to the table: to the rows of the same connections and ports, or as
/// rows of their own. Marks where the two differ: other states, or a connection that the kernel
/// doesn't know. What the wire shows of a port goes to the socket that waits there, on whatever
/// address.
void join_kernel(ConnectionTable& table, const std::vector<KernelSocket>& sockets);

}  // namespace tapdeck
