// Results of checks as JUnit XML, which build servers read.
#pragma once

#include <string>
#include <vector>

namespace tapdeck {

struct CheckResult {
  std::string name;  ///< Of the capture.
  bool unreadable = false;
  std::vector<std::string> differences = {};  ///< A line each; empty: as expected.
};

[[nodiscard]] std::string junit_xml(const std::vector<CheckResult>& results);

}  // namespace tapdeck
