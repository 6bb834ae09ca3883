#include "tests/support/scenario_repeat.h"

#include <algorithm>

#include "tests/support/scenario_words.h"

namespace tapdeck::test {
namespace {

struct Block {
  std::size_t line = 0;  // of its "repeat"; 0: none is open
  std::size_t first = 0;
  std::uint64_t times = 0;
  std::array<bool, 2> other_ports{false, false};
};

void repeat(std::vector<ScenarioLine>& lines, const Block& block) {
  const std::vector<ScenarioLine> once(lines.begin() + static_cast<std::ptrdiff_t>(block.first),
                                       lines.end());
  for (std::uint64_t round = 1; round < block.times; ++round) {
    for (ScenarioLine line : once) {
      for (std::size_t side = 0; side < line.port_steps.size(); ++side) {
        if (block.other_ports[side]) line.port_steps[side] = static_cast<std::uint16_t>(round);
      }
      lines.push_back(line);
    }
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::vector<ScenarioLine> repeated_lines(const std::string& file, std::string_view text) {
  std::vector<ScenarioLine> lines;
  Block open;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    ScenarioWords words(file + ":" + std::to_string(number), line);
    if (words.take_if("repeat")) {
      if (open.line != 0) words.fail("a repeat inside another");
      open = {.line = number, .first = lines.size(), .times = words.take_number("repeat", 10'000)};
      const std::string ports = words.take_rest();
      open.other_ports = {ports == "from other ports", ports == "to other ports"};
      if (!ports.empty() && !open.other_ports[0] && !open.other_ports[1]) {
        words.fail("a repeat goes from or to other ports, not " + ports);
      }
    } else if (words.take_if("end")) {
      if (open.line == 0) words.fail("an end without a repeat");
      repeat(lines, open);
      open = {};
    } else {
      lines.push_back({.number = number, .text = line});
    }
  }
  if (open.line != 0) {
    throw ScenarioError(file + ":" + std::to_string(open.line) + ": a repeat without an end");
  }
  return lines;
}

}  // namespace tapdeck::test
