// Cells of CSV files (RFC 4180) that neither a terminal nor a spreadsheet obeys.
#pragma once

#include <string>
#include <string_view>

namespace tapdeck {

/// What begins like a formula gets an apostrophe before it; control characters and invalid octets
/// become \xNN; quotes and commas are quoted. Not for numbers.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace tapdeck
