// The score for people: a table per question.
#pragma once

#include <string>
#include <vector>

#include "tools/lab/scoring/run_score.h"

namespace tapdeck {

/// Everything but the wrong frames.
[[nodiscard]] std::string score_text(const std::string& tool, const std::vector<RunScore>& runs);

/// A line for each frame told wrongly: RUN, capture, frame, way, connection, range, truth, verdict.
[[nodiscard]] std::string wrong_text(const std::vector<RunScore>& runs);

}  // namespace tapdeck
