#include "analyzer/report/json_output.h"

#include <algorithm>
#include <utility>

#include "analyzer/report/json_text.h"

namespace tapdeck {

void JsonOutput::value(std::string_view text) {
  separate();
  if (text.size() + 2 <= x_block.size() && is_plain_json(text)) {
    add_quoted(text);
  } else {
    add_long(json_string(text));
  }
}

/// Indented by one a level.
void JsonOutput::begin_line() {
  add("\n");
  for (std::size_t i = 0; i < x_depth; ++i) add(" ");
}

void JsonOutput::add_long(std::string_view text) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, x_block.size());
    add(part);
    text.remove_prefix(part.size());
  }
}

void JsonOutput::hand_on() {
  const std::size_t used = std::exchange(x_used, 0);  // also if the sink throws
  x_sink.write({x_block.data(), used});
}

}  // namespace tapdeck
