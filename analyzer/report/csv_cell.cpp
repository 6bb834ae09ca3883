#include "analyzer/report/csv_cell.h"

#include "analyzer/report/printable.h"

namespace tapdeck {

std::string csv_cell(std::string_view text) {
  constexpr std::string_view formula_starts = "=+-@\t\r";
  const bool is_formula =
      !text.empty() && formula_starts.find(text.front()) != std::string_view::npos;
  std::string shown = (is_formula ? "'" : "") + printable(text);
  if (shown.find_first_of(",\"") == std::string::npos) return shown;
  std::string quoted = "\"";
  for (const char c : shown) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace tapdeck
