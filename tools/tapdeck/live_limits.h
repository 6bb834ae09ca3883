// When a live capture forgets: files say where they end, an interface never does.
#pragma once

#include <cstdint>
#include <string>

#include "analyzer/flow/flow_table.h"

namespace tapdeck {

/// With so much memory as `budget` says, less what is `taken`: see keep_to_budget.
[[nodiscard]] FlowLimits live_limits(const std::string& budget, std::uint64_t taken = 0);

}  // namespace tapdeck
