// The report for people: what was captured and how far to trust it, totals, the busiest
// connections.
#include <algorithm>

#include <fmt/format.h>

#include "analyzer/report/formats.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"

namespace tapdeck {
namespace {

std::uint64_t bytes_of(const ConnectionReport& connection) {
  return connection.directions[0].bytes + connection.directions[1].bytes;
}

/// Of equally busy ones the earlier goes first.
bool is_busier(const ConnectionReport& a, const ConnectionReport& b) {
  return bytes_of(a) != bytes_of(b) ? bytes_of(a) > bytes_of(b) : a.id < b.id;
}

class TextReport final : public ReportWriter {
 public:
  TextReport(ByteSink& sink, const Style& style)
      : x_page(sink, style), x_top(style.top), x_anomalies(style.top) {}

  void begin(const Summary& summary) override {
    write_captures(x_page, summary, x_top);
    x_page.blank();
    write_quality(x_page, summary);
    x_page.blank();
    write_totals(x_page, summary);
    const Totals& totals = summary.totals;
    const std::uint64_t all = totals.tcp_connections + totals.udp_flows + totals.other_flows;
    if (all == 0) return;
    x_page.blank();
    x_page.heading(x_top == 0 || all <= x_top
                       ? "CONNECTIONS"
                       : fmt::format("THE {} BUSIEST OF {} CONNECTIONS", x_top, count_text(all)));
    write_connection_header(x_page);
  }

  void connection(const ConnectionReport& connection) override {
    ++x_count;
    if (x_top == 0) {
      write_connection(x_page, connection);
    } else if (x_kept.size() < x_top) {
      x_kept.push_back(connection);
      std::ranges::push_heap(x_kept, is_busier);
    } else if (is_busier(connection, x_kept.front())) {
      std::ranges::pop_heap(x_kept, is_busier);
      x_kept.back() = connection;
      std::ranges::push_heap(x_kept, is_busier);
    }
  }

  void anomaly(const Anomaly& anomaly) override { x_anomalies.add(anomaly); }

  void end(const Summary&) override {
    std::ranges::sort(x_kept, {}, &ConnectionReport::id);
    for (const ConnectionReport& kept : x_kept) write_connection(x_page, kept);
    if (x_top != 0 && x_count > x_top) {
      x_page.blank();
      x_page.line(fmt::format("{} with fewer bytes; --top 0 lists all.",
                              count_of(x_count - x_top, "more connection")));
    }
    x_anomalies.write(x_page);
  }

 private:
  Page x_page;
  std::size_t x_top;
  std::uint64_t x_count = 0;
  std::vector<ConnectionReport> x_kept;  // a heap, the least busy in front
  AnomalyList x_anomalies;
};

}  // namespace

std::unique_ptr<ReportWriter> make_text(ByteSink& sink, const Style& style) {
  return std::make_unique<TextReport>(sink, style);
}

}  // namespace tapdeck
