// What netstat's users type, as what to show: Linux' letters and Windows', alone or in clusters.
#pragma once

#include <string>
#include <vector>

#include "analyzer/netstat/network.h"
#include "analyzer/report/netstat_view.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

void declare_netstat(CommandOptions& options);

/// -p means the protocol that follows it (`-p tcp`), or else programs, wherever it stands in a
/// cluster (`-tanp`, `-pant`). The same words with one of two long options for each -p.
[[nodiscard]] Arguments with_p_resolved(const Arguments& arguments);

/// Failure(usage) for what doesn't go together. Requires: declare_netstat.
[[nodiscard]] NetstatView chosen_view(const CommandOptions& options);

/// "192.0.2.1", "192.0.2.0/24", several of them between commas. Failure(usage) for anything else.
[[nodiscard]] std::vector<Network> parse_networks(const std::string& text);

}  // namespace tapdeck
