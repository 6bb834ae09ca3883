#include "analyzer/report/text_columns.h"

#include <algorithm>

#include "analyzer/report/utf8.h"

namespace tapdeck {

void TextColumns::add_column(std::string_view title, Align align, std::size_t least) {
  x_columns.push_back({.align = align, .least = least});
  x_titles.emplace_back(title);
}

std::vector<std::string> TextColumns::lines() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    std::size_t width = std::max(x_columns[i].least, display_width(x_titles[i]));
    for (const auto& row : x_rows) width = std::max(width, display_width(row[i]));
    widths.push_back(width);
  }
  const auto line_of = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string gap(widths[i] - display_width(cells[i]), ' ');
      if (i != 0) line += ' ';
      line += x_columns[i].align == Align::right ? gap + cells[i] : cells[i] + gap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  };
  std::vector<std::string> lines{line_of(x_titles)};
  for (const auto& row : x_rows) lines.push_back(line_of(row));
  return lines;
}

}  // namespace tapdeck
