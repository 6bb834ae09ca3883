// What became of packets on the way to frames, for people and for scripts.
#pragma once

#include <string>
#include <vector>

#include "analyzer/report/json_output.h"
#include "tools/replay/frame_preparer.h"

namespace tapdeck {

/// None where everything went as it was, by one interface.
[[nodiscard]] std::vector<std::string> preparation_sentences(const PreparationCounts& counts,
                                                             const PreparationOptions& options);

/// Members of the object that was begun.
void write_preparation(const PreparationCounts& counts, const PreparationOptions& options,
                       JsonOutput& json);

}  // namespace tapdeck
