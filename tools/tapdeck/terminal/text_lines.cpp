#include "tools/tapdeck/terminal/text_lines.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/time.h"
#include "analyzer/report/utf8.h"
#include "tools/tapdeck/terminal/row_words.h"
#include "tools/tapdeck/terminal/table_columns.h"

namespace tapdeck {
namespace {

struct KeyHelp {
  std::string_view keys, meaning;
};

constexpr std::array keys{
    KeyHelp{"up, down, page, home, end", "choose a connection, or scroll"},
    KeyHelp{"enter", "open the chosen connection: its ladder"},
    KeyHelp{"escape, q", "back to the table; q there ends the capture"},
    KeyHelp{"/", "filter: words that an address, port, service, protocol or state holds"},
    KeyHelp{"left, right, <, >", "sort by the next column; beside a ladder: look aside"},
    KeyHelp{"r", "reverse the order"},
    KeyHelp{"space", "hold the table; the capture goes on"},
    KeyHelp{"s", "save the connection's packets, those kept and those to come; again: end that"},
    KeyHelp{"a", "the latest anomalies with their explanations"},
    KeyHelp{"?", "this page"},
};

constexpr std::array shortened{
    TcpState::syn_sent,   TcpState::syn_received, TcpState::established,
    TcpState::fin_wait_1, TcpState::fin_wait_2,   TcpState::close_wait,
    TcpState::closing,    TcpState::last_ack,     TcpState::time_wait,
};

Style in_colours(Style style) {
  style.colour = true;
  return style;
}

/// A name, and beside it what it means.
void write_entry(Page& page, std::string_view name, std::size_t name_width,
                 std::string_view meaning) {
  constexpr std::size_t indent = 2;
  for (const std::string& line : wrap(meaning, page.width() - indent - name_width, 0)) {
    const std::size_t padding = name_width - std::min(display_width(name), name_width);
    page.line(std::string(indent, ' ') + std::string(name) + std::string(padding, ' ') + line);
    name = {};
  }
}

void write_columns(Page& page, bool unicode) {
  constexpr std::size_t title_width = 10;
  page.heading("COLUMNS, as far as there is room");
  for (std::size_t i = 0; i < column_count; ++i) {
    const ColumnDescription& column = description_of(static_cast<Column>(i));
    const std::string_view title = unicode ? column.title : column.plain_title;
    write_entry(page, title, title_width, column.meaning);
  }
}

}  // namespace

std::vector<TextLine> text_lines(std::string_view written) {
  std::vector<TextLine> lines;
  while (!written.empty()) {
    const std::size_t end = std::min(written.find('\n'), written.size());
    std::string_view text = written.substr(0, end);
    written.remove_prefix(std::min(end + 1, written.size()));
    Ink ink = Ink::plain;
    for (const Ink candidate : {Ink::strong, Ink::warning, Ink::bad}) {
      const std::string_view escape = escape_for(candidate);
      if (!text.starts_with(escape) || !text.ends_with(ink_end)) continue;
      ink = candidate;
      text = text.substr(escape.size(), text.size() - escape.size() - ink_end.size());
      break;
    }
    lines.push_back({std::string(text), ink});
  }
  return lines;
}

std::uint64_t anomaly_count(const LiveTable& table) {
  return std::reduce(table.totals.anomalies.begin(), table.totals.anomalies.end());
}

std::vector<TextLine> anomaly_lines(const LiveTable& table, const Style& style) {
  constexpr std::size_t indent = 9;
  const std::uint64_t all = anomaly_count(table);
  StringSink sink;
  Page page(sink, in_colours(style));
  page.heading(all == 0 ? "NO ANOMALIES SO FAR"
                        : fmt::format("THE LATEST {} OF {}, THE NEWEST LAST",
                                      count_text(table.anomalies.size()),
                                      count_of(all, "ANOMALY", "ANOMALIES")));
  for (const Anomaly& anomaly : table.anomalies) {
    const std::string where = anomaly.connection == 0
                                  ? std::string()
                                  : fmt::format(", connection {}", anomaly.connection);
    page.paragraph(fmt::format("{} {} {}{}", clock_text(anomaly.last.time_ns),
                               to_string(anomaly.severity), to_string(anomaly.type), where),
                   0, indent, ink_for(anomaly.severity));
    page.paragraph(explanation_of(anomaly), indent, 0);
  }
  return text_lines(sink.text());
}

std::vector<TextLine> help_lines(const Style& style) {
  constexpr std::size_t keys_width = 28;
  StringSink sink;
  Page page(sink, in_colours(style));
  page.heading("KEYS");
  for (const KeyHelp& key : keys) write_entry(page, key.keys, keys_width, key.meaning);
  page.blank();
  write_columns(page, style.unicode);
  page.blank();
  page.heading("STATES, where their names have no room");
  std::string names;
  for (const TcpState state : shortened) {
    names += fmt::format("{}{} {}", names.empty() ? "" : ", ", short_name(state), to_string(state));
  }
  page.paragraph(names, 2, 0);
  return text_lines(sink.text());
}

std::string clock_text(std::int64_t time_ns) {
  const std::string text = rfc3339(time_ns, 0);
  const std::size_t day_end = text.find('T') + 1;
  return text.substr(day_end, text.size() - day_end - 1);
}

}  // namespace tapdeck
