// Results of checks as JUnit XML, which build servers read.
#pragma once

#include <string>
#include <vector>

#include "captures/failure.h"

namespace tapdeck {

struct CheckResult {
  std::string name;  ///< The path below the directory: of a capture, or of a report without one.
  ExitCode fault = ExitCode::fine;            ///< Why it couldn't be read at all.
  std::vector<std::string> differences = {};  ///< A line each; empty: as expected.

  [[nodiscard]] bool unreadable() const { return fault != ExitCode::fine; }
};

[[nodiscard]] std::string junit_xml(const std::vector<CheckResult>& results);

}  // namespace tapdeck
