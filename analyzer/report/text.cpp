// The report for people: what was captured and how far to trust it, totals, the busiest
// connections.
#include <algorithm>

#include <fmt/format.h>

#include "analyzer/report/formats.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"

namespace tapdeck {
namespace {

ConnectionSize size_of(const ConnectionReport& connection) {
  return {.id = connection.id,
          .bytes = connection.directions[0].bytes + connection.directions[1].bytes};
}

/// Of equally busy ones the earlier goes first.
bool is_busier(const ConnectionSize& a, const ConnectionSize& b) {
  return a.bytes != b.bytes ? a.bytes > b.bytes : a.id < b.id;
}

std::uint64_t conversations_in(const Summary& summary) {
  const Totals& totals = summary.totals;
  return totals.tcp_connections + totals.udp_flows + totals.other_flows;
}

/// Of many connections it keeps the few that it lists, and writes all when the last has ended; if
/// it lists all, it writes each as it comes.
class TextReport final : public ReportWriter {
 public:
  TextReport(ByteSink& sink, const Style& style)
      : x_page(sink, style), x_top(style.top), x_anomalies(style.top) {}

  [[nodiscard]] ConnectionOrder order() const override {
    return lists_all() ? ConnectionOrder::by_id : ConnectionOrder::by_end;
  }

  void begin(const Summary& summary) override {
    if (lists_all()) write_beginning(summary);
  }

  [[nodiscard]] bool wants(const ConnectionSize& connection) const override {
    return lists_all() || x_kept.size() < x_top || is_busier(connection, size_of(x_kept.front()));
  }

  void connection(const ConnectionReport& connection) override {
    if (lists_all()) {
      write_connection(x_page, connection);
    } else if (wants(size_of(connection))) {
      keep(connection);
    }
  }

  void anomaly(const Anomaly& anomaly) override { x_anomalies.add(anomaly); }

  void end(const Summary& summary) override {
    if (!lists_all()) {
      write_beginning(summary);
      write_kept(summary);
    }
    x_anomalies.write(x_page);
  }

 private:
  [[nodiscard]] bool lists_all() const { return x_top == 0; }

  void write_beginning(const Summary& summary) {
    write_captures(x_page, summary, x_top);
    x_page.blank();
    write_quality(x_page, summary);
    x_page.blank();
    write_totals(x_page, summary);
    const std::uint64_t all = conversations_in(summary);
    if (all == 0) return;
    x_page.blank();
    x_page.heading(lists_all() || all <= x_top
                       ? "CONNECTIONS"
                       : fmt::format("THE {} BUSIEST OF {} CONNECTIONS", x_top, count_text(all)));
    write_connection_header(x_page);
  }

  void keep(const ConnectionReport& connection) {
    if (x_kept.size() == x_top) {
      std::ranges::pop_heap(x_kept, is_busier, size_of);
      x_kept.pop_back();
    }
    x_kept.push_back(connection);
    std::ranges::push_heap(x_kept, is_busier, size_of);
  }

  void write_kept(const Summary& summary) {
    std::ranges::sort(x_kept, {}, &ConnectionReport::id);
    for (const ConnectionReport& kept : x_kept) write_connection(x_page, kept);
    const std::uint64_t all = conversations_in(summary);
    if (all <= x_top) return;
    x_page.blank();
    x_page.line(fmt::format("{} with fewer bytes; --top 0 lists all.",
                            count_of(all - x_top, "more connection")));
  }

  Page x_page;
  std::size_t x_top;
  std::vector<ConnectionReport> x_kept;  // a heap, the least busy in front
  AnomalyList x_anomalies;
};

}  // namespace

std::unique_ptr<ReportWriter> make_text(ByteSink& sink, const Style& style) {
  return std::make_unique<TextReport>(sink, style);
}

}  // namespace tapdeck
