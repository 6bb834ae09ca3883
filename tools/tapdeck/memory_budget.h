// How much memory an analysis may take.
#pragma once

#include <cstdint>
#include <string>

#include "analyzer/flow/flow_table.h"

namespace tapdeck {

/// As --memory-budget has it; so many octets of it are for what else the command keeps. Throws
/// Failure(usage) if it is no size, or too small for anything.
void keep_to_budget(const std::string& size, FlowLimits& limits, std::uint64_t taken = 0);

}  // namespace tapdeck
