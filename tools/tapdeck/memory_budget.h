// How much memory an analysis may take.
#pragma once

#include <string>

#include "analyzer/flow/flow_table.h"

namespace tapdeck {

/// As --memory-budget has it. Throws Failure(usage) if it is no size, or too small for anything.
void keep_to_budget(const std::string& size, FlowLimits& limits);

}  // namespace tapdeck
