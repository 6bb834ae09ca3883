#include "tools/tapdeck/terminal/view_drawing.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/utf8.h"
#include "analyzer/report/words.h"
#include "captures/elapsed.h"
#include "tools/tapdeck/terminal/row_words.h"

namespace tapdeck {
namespace {

constexpr std::size_t head_lines = 4;  // title, counters, what is listed, titles of columns
constexpr std::size_t foot_lines = 1;
constexpr std::size_t lines_head = 1;  // above other scenes: the title

constexpr Look strong{.ink = Ink::strong};
constexpr Look bar{.ink = Ink::strong, .reversed = true};

class Drawing {
 public:
  Drawing(const ViewContent& content, const ViewState& state, ScreenSize size, bool unicode)
      : x_content(content), x_state(state), x_layout(layout_of(size)), x_screen(size, unicode) {}

  Screen draw() {
    draw_title();
    if (x_state.scene == Scene::table) {
      draw_counters();
      draw_listed();
      draw_rows();
      draw_details();
      draw_anomalies();
    } else {
      draw_lines();
    }
    draw_foot();
    return std::move(x_screen);
  }

 private:
  [[nodiscard]] std::size_t columns() const { return x_screen.size().columns; }
  [[nodiscard]] std::string_view arrow(std::string_view unicode, std::string_view plain) const {
    return x_screen.unicode() ? unicode : plain;
  }

  /// Two texts on one line; the right one is never cut for the left one's sake.
  void put_both(std::size_t line, std::string_view left, std::string_view right, Look look) {
    const std::size_t width = std::min(display_width(right), columns());
    x_screen.put_line(line, "", look);
    x_screen.put({.line = line, .width = columns() - width}, left, look);
    x_screen.put({.line = line, .column = columns() - width, .width = width}, right, look);
  }

  void draw_title() {
    const LiveTable& now = x_content.now;
    std::string left = fmt::format("tapdeck live  {}", now.interface);
    if (!now.filter.empty()) left += fmt::format("  {}", now.filter);
    std::string right = fmt::format("  {} UTC", clock_text(now.time_ns));
    if (!x_content.saving.empty()) right = fmt::format("  {}{}", x_content.saving, right);
    if (x_state.paused) {
      right = fmt::format("  held since {}{}", clock_text(x_content.table.time_ns), right);
    }
    put_both(0, left, right, bar);
  }

  void draw_counters() {
    const LiveTable& now = x_content.now;
    const std::string left = fmt::format(
        "{}, {}; {}/s, {}/s", count_of(now.totals.packets, "packet"), bytes_text(now.totals.bytes),
        short_count_text(now.totals.packets_per_second), bytes_text(now.totals.bytes_per_second));
    const std::string right =
        fmt::format("  dropped: {} kernel, {} interface", count_text(now.counts.dropped_by_kernel),
                    count_text(now.counts.dropped_by_interface));
    const bool lossy = now.counts.dropped_by_kernel + now.counts.dropped_by_interface > 0;
    put_both(1, left, right, lossy ? Look{.ink = Ink::bad} : Look{});
  }

  void draw_listed() {
    const std::uint64_t open = x_content.table.totals.open;
    const std::size_t listed = x_content.table.rows.size();
    std::string left = count_of(open, "conversation");
    if (listed < open) left += fmt::format(", the latest {} listed", count_text(listed));
    if (!x_state.filter.empty()) {
      left += fmt::format(", {} with '{}'", count_text(x_content.rows.size()), x_state.filter);
    }
    if (!x_content.now.writing_to.empty()) {
      left += fmt::format("; all packets go to {}", x_content.now.writing_to);
    }
    const std::string_view column = title_of(x_state.order.column);
    const std::string right =
        fmt::format("  by {}, {}", column, x_state.order.descending ? "descending" : "ascending");
    put_both(2, left, right, {});
  }

  [[nodiscard]] std::string_view title_of(Column column) const {
    const ColumnDescription& description = description_of(column);
    return arrow(description.title, description.plain_title);
  }

  void draw_rows() {
    const std::vector<PlacedColumn> placed = place_columns(columns());
    x_screen.put_line(head_lines - 1, "", strong);
    for (const PlacedColumn& one : placed) {
      const bool sorted = one.column == x_state.order.column;
      x_screen.put({.line = head_lines - 1,
                    .column = one.at,
                    .width = one.width,
                    .right = description_of(one.column).right},
                   title_of(one.column), {.ink = Ink::strong, .reversed = sorted});
    }
    const std::size_t end = std::min(x_state.first_row + x_layout.rows, x_content.rows.size());
    for (std::size_t i = x_state.first_row; i < end; ++i) {
      draw_row(head_lines + i - x_state.first_row, *x_content.rows[i], placed);
    }
    if (x_content.rows.empty()) {
      x_screen.put_line(head_lines, x_content.table.rows.empty() ? "no conversations yet"
                                                                 : "none fits the filter");
    }
  }

  void draw_row(std::size_t line, const LiveRow& row, const std::vector<PlacedColumn>& placed) {
    const Look look{.ink = ink_for(row.worst.value_or(Severity::info)),
                    .reversed = x_state.selected == row.id};
    x_screen.put_line(line, "", look);
    for (const PlacedColumn& one : placed) {
      x_screen.put({.line = line,
                    .column = one.at,
                    .width = one.width,
                    .right = description_of(one.column).right},
                   cell_text(one.column, row, x_content.table.time_ns, one.width), look);
    }
  }

  [[nodiscard]] const LiveRow* selected() const {
    if (!x_state.selected || x_state.selected_place >= x_content.rows.size()) return nullptr;
    return x_content.rows[x_state.selected_place];
  }

  void draw_details() {
    const LiveRow* const row = selected();
    if (x_layout.details == 0 || row == nullptr) return;
    const std::size_t line = head_lines + x_layout.rows;
    const std::string_view service = service_of(*row);
    x_screen.put_line(
        line, fmt::format("{} {} {} {} {}{}", row->id, protocol_word(row->ip_protocol),
                          socket_text(row->client), arrow("→", "->"), socket_text(row->server),
                          service.empty() ? "" : fmt::format(" ({}?)", service)));
    x_screen.put_line(line + 1, numbers_text(*row));
  }

  [[nodiscard]] std::string numbers_text(const LiveRow& row) const {
    const auto& [forth, back] = row.directions;
    std::string text;
    if (row.is_tcp) {
      text = fmt::format("client {}, server {}; ", to_string(forth.state), to_string(back.state));
    }
    text += fmt::format("{} {}, {}; {} {}, {}; idle {}", arrow("→", "->"),
                        short_count_text(forth.packets), bytes_text(forth.bytes), arrow("←", "<-"),
                        short_count_text(back.packets), bytes_text(back.bytes),
                        short_duration(elapsed_ns(row.last_ns, x_content.table.time_ns)));
    if (row.anomalies > 0) {
      text += fmt::format("; {}", count_of(row.anomalies, "anomaly", "anomalies"));
    }
    return text;
  }

  /// The newest at the bottom, where they come.
  void draw_anomalies() {
    if (x_layout.anomalies == 0) return;
    const std::deque<Anomaly>& latest = x_content.table.anomalies;
    const std::size_t head = head_lines + x_layout.rows + x_layout.details;
    x_screen.put_line(head,
                      fmt::format("ANOMALIES  {} so far", count_text(anomaly_count(x_content.now))),
                      strong);
    const std::size_t shown = std::min(latest.size(), x_layout.anomalies);
    for (std::size_t i = 0; i < shown; ++i) {
      const Anomaly& anomaly = latest[latest.size() - shown + i];
      const std::string where =
          anomaly.connection == 0 ? std::string() : fmt::format(" {}", anomaly.connection);
      x_screen.put_line(head + 1 + i,
                        fmt::format("{} {}{}: {}", clock_text(anomaly.last.time_ns),
                                    to_string(anomaly.type), where, explanation_of(anomaly)),
                        {.ink = ink_for(anomaly.severity)});
    }
  }

  void draw_lines() {
    for (std::size_t i = 0; i < x_layout.lines; ++i) {
      const std::size_t line = x_state.first_line + i;
      if (line >= x_content.lines.size()) break;
      x_screen.put_part(lines_head + i, x_content.lines[line].text, x_state.first_column,
                        {.ink = x_content.lines[line].ink});
    }
  }

  void draw_foot() {
    const std::size_t line = x_screen.size().lines - 1;
    if (x_state.typing) {
      draw_typing(line);
    } else if (!x_state.message.empty()) {
      x_screen.put_line(line, x_state.message, strong);
    } else if (x_state.scene == Scene::table) {
      put_both(line, "q quit  enter open  / filter  <> sort  space hold  s save",
               "  a anomalies  ? keys", bar);
    } else {
      const std::size_t last =
          std::min(x_state.first_line + x_layout.lines, x_content.lines.size());
      put_both(line, "q back  arrows scroll  s save  ? keys",
               fmt::format("  lines {} to {} of {}", std::min(x_state.first_line + 1, last), last,
                           x_content.lines.size()),
               bar);
    }
  }

  /// The end of what is typed is always seen.
  void draw_typing(std::size_t line) {
    constexpr std::string_view asked = "filter: ";
    const std::size_t room = columns() - asked.size() - 1;
    const std::size_t hidden = x_state.filter.size() - std::min(x_state.filter.size(), room);
    const std::string_view seen = std::string_view(x_state.filter).substr(hidden);
    x_screen.put_line(line, fmt::format("{}{}", asked, seen), strong);
    x_screen.put({.line = line, .column = asked.size() + seen.size(), .width = 1}, "", bar);
  }

  const ViewContent& x_content;
  const ViewState& x_state;
  ViewLayout x_layout;
  Screen x_screen;
};

Screen too_small(ScreenSize size, bool unicode) {
  Screen screen(size, unicode);
  if (size.columns == 0) return screen;
  const std::string text = fmt::format("too small: {} columns and {} lines are needed; q quits",
                                       least_screen.columns, least_screen.lines);
  std::size_t line = 0;
  for (const std::string& part : wrap(text, size.columns, 0)) screen.put_line(line++, part);
  return screen;
}

}  // namespace

ViewLayout layout_of(const ScreenSize& size) {
  constexpr std::size_t lines_for_details = 14, lines_for_anomalies = 18;
  constexpr std::size_t fewest_anomalies = 3, most_anomalies = 10, share_of_anomalies = 6;
  if (size.lines < least_screen.lines) return {};
  ViewLayout layout;
  layout.lines = size.lines - lines_head - foot_lines;
  if (size.lines >= lines_for_details) layout.details = 2;
  std::size_t below = layout.details + foot_lines;
  if (size.lines >= lines_for_anomalies) {
    layout.anomalies =
        std::clamp(size.lines / share_of_anomalies, fewest_anomalies, most_anomalies);
    below += layout.anomalies + 1;
  }
  layout.rows = size.lines - head_lines - below;
  return layout;
}

Screen draw(const ViewContent& content, const ViewState& state, ScreenSize size, bool unicode) {
  if (size.columns < least_screen.columns || size.lines < least_screen.lines) {
    return too_small(size, unicode);
  }
  return Drawing(content, state, size, unicode).draw();
}

}  // namespace tapdeck
