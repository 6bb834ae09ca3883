#include "tools/tapdeck/wording.h"

#include <algorithm>

#include "analyzer/report/printable.h"

namespace tapdeck {

std::size_t edit_distance(std::string_view one, std::string_view other) {
  const std::size_t columns = other.size() + 1;
  std::vector<std::size_t> before(columns), last(columns), current(columns);
  for (std::size_t i = 0; i < columns; ++i) last[i] = i;
  for (std::size_t row = 1; row <= one.size(); ++row) {
    current[0] = row;
    for (std::size_t column = 1; column < columns; ++column) {
      const std::size_t replaced = last[column - 1] + (one[row - 1] == other[column - 1] ? 0U : 1U);
      current[column] = std::min({replaced, last[column] + 1, current[column - 1] + 1});
      if (row > 1 && column > 1 && one[row - 1] == other[column - 2] &&
          one[row - 2] == other[column - 1]) {
        current[column] = std::min(current[column], before[column - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(current);
  }
  return last.back();
}

std::vector<std::string> near_names(std::string_view name,
                                    const std::vector<std::string>& candidates) {
  struct Near {
    std::size_t distance;
    const std::string* name;
  };
  const std::size_t furthest = std::max<std::size_t>(1, name.size() / 3);
  std::vector<Near> found;
  for (const std::string& candidate : candidates) {
    const bool part = name.size() >= 3 && candidate.find(name) != std::string::npos;
    const std::size_t distance = part ? 1 : edit_distance(name, candidate);
    if (distance <= furthest) found.push_back({distance, &candidate});
  }
  std::ranges::stable_sort(found, {}, &Near::distance);
  std::vector<std::string> result;
  for (const Near& one : found) {
    if (result.size() < 3) result.push_back(*one.name);
  }
  return result;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::vector<std::string> near = near_names(name, candidates);
  if (near.empty()) return {};
  std::string text = "; did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (i > 0) text += i + 1 == near.size() ? " or " : ", ";
    text += "'" + near[i] + "'";
  }
  return text + "?";
}

std::string shown(std::string_view text) { return printable(text); }

}  // namespace tapdeck
