// From what the tracker keeps of a conversation to what reports show of it.
#pragma once

#include "analyzer/flow/datagram_reader.h"
#include "analyzer/flow/flow_table.h"
#include "analyzer/report/report.h"

namespace tapdeck {

[[nodiscard]] ConnectionReport make_connection_report(const FlowTable& table,
                                                      const Conversation& conversation,
                                                      const TunnelStacks& tunnels);

}  // namespace tapdeck
