#include "tools/tapdeck/junit.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/report/printable.h"

namespace tapdeck {
namespace {

/// XML has no way to write most control characters, nor octets that are no UTF-8.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string test_case(const CheckResult& result) {
  std::string text =
      fmt::format(R"(  <testcase classname="tapdeck.check" name="{}")", escaped(result.name));
  if (result.differences.empty()) return text + "/>\n";
  std::string lines;
  for (const std::string& line : result.differences) lines += escaped(line) + "\n";
  const std::string_view kind = result.unreadable() ? "error" : "failure";
  return text + fmt::format(">\n    <{} message=\"{}\">{}</{}>\n  </testcase>\n", kind,
                            escaped(result.differences.front()), lines, kind);
}

}  // namespace

std::string junit_xml(const std::vector<CheckResult>& results) {
  const auto errors = std::ranges::count_if(results, &CheckResult::unreadable);
  const auto failures = std::ranges::count_if(results, [](const CheckResult& result) {
    return !result.unreadable() && !result.differences.empty();
  });
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuite name=\"tapdeck check\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
      results.size(), failures, errors);
  for (const CheckResult& result : results) text += test_case(result);
  return text + "</testsuite>\n";
}

}  // namespace tapdeck
