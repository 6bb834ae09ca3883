// When a live capture forgets: files say where they end, an interface never does.
#pragma once

#include <string>

#include "analyzer/flow/flow_table.h"

namespace tapdeck {

/// With so much memory as `budget` says, see keep_to_budget.
[[nodiscard]] FlowLimits live_limits(const std::string& budget);

}  // namespace tapdeck
