// From what the tracker keeps of a conversation to what reports show of it.
#pragma once

#include "analyzer/flow/datagram_reader.h"
#include "analyzer/flow/flow_table.h"
#include "analyzer/report/report.h"

namespace tapdeck {

/// Its end on that side, with a port where the protocol has them.
[[nodiscard]] Socket socket_of(const Conversation& conversation, Side side);

[[nodiscard]] ConnectionReport make_connection_report(const FlowTable& table,
                                                      const Conversation& conversation,
                                                      const TunnelStacks& tunnels);

}  // namespace tapdeck
