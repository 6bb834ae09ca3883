// Reads tab-separated tables with a header line: the corpus' references and our own lists.
#pragma once

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace tapdeck::test {

using TableRow = std::map<std::string, std::string>;

inline std::vector<std::string> split_at_tabs(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == '\t') {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

/// Lines that begin with "# " before the header are comments.
inline std::vector<TableRow> read_table(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> header;
  std::vector<TableRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || (header.empty() && line.starts_with("# "))) continue;
    const std::vector<std::string> cells = split_at_tabs(line);
    if (header.empty()) {
      header = cells;
      continue;
    }
    TableRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) row[header[i]] = cells[i];
  }
  return rows;
}

}  // namespace tapdeck::test
