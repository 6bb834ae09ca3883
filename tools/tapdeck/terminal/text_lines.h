// Reports as lines that a screen can scroll: what a Page writes, taken apart again, so that the
// view shows the same text as the commands do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/page.h"
#include "tools/tapdeck/live_table.h"

namespace tapdeck {

struct TextLine {
  std::string text;
  Ink ink = Ink::plain;

  friend bool operator==(const TextLine&, const TextLine&) = default;
};

/// Of what a Page wrote in colours.
[[nodiscard]] std::vector<TextLine> text_lines(std::string_view written);

/// All that were found.
[[nodiscard]] std::uint64_t anomaly_count(const LiveTable& table);

/// The latest anomalies with their explanations, the newest last.
[[nodiscard]] std::vector<TextLine> anomaly_lines(const LiveTable& table, const Style& style);

/// Keys, columns and short names.
[[nodiscard]] std::vector<TextLine> help_lines(const Style& style);

/// "17:03:22", of RFC 3339's time of day in UTC.
[[nodiscard]] std::string clock_text(std::int64_t time_ns);

}  // namespace tapdeck
