// Cells in columns, each as wide as its widest cell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapdeck {

class TextColumns {
 public:
  enum class Align : std::uint8_t { left, right };

  /// At least as wide as `least`.
  void add_column(std::string_view title, Align align = Align::left, std::size_t least = 0);

  /// Fit to be shown. Requires: as many as columns.
  void add_row(std::vector<std::string> cells) { x_rows.push_back(std::move(cells)); }

  /// The titles, then the rows, without spaces at their ends.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  struct Column {
    Align align{};
    std::size_t least = 0;
  };

  std::vector<Column> x_columns;
  std::vector<std::string> x_titles;
  std::vector<std::vector<std::string>> x_rows;
};

}  // namespace tapdeck
