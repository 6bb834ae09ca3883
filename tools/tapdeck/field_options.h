// The names behind --fields.
#pragma once

#include <string>
#include <vector>

#include "captures/failure.h"

namespace tapdeck {

/// Splits "frame,tcp.flags". Failure(usage) with near names for one that no packet can have.
[[nodiscard]] std::vector<std::string> chosen_fields(const std::string& list);

/// Prints all names: `--fields help`.
ExitCode list_fields();

}  // namespace tapdeck
