// The options of a replay between two interfaces, and what it says when it is done.
#pragma once

#include <string>
#include <vector>

#include "tools/replay/side_split.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

/// Declares --unknown-side.
void add_side_options(CommandOptions& options);

/// Failure(usage) for what can't be understood.
[[nodiscard]] Side unknown_side(const CommandOptions& options);

/// What went where, in a sentence for each side; and what nothing told.
[[nodiscard]] std::vector<std::string> side_sentences(const SideCounts& counts);

}  // namespace tapdeck
