#include "tools/tapdeck/live_news.h"

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"

namespace tapdeck {
namespace {

/// Between two packets that are written; what is more is in the report alone.
constexpr std::size_t most_remarks = 1'000;

/// Frames count from the beginning of the capture, whatever file they are in.
std::string remark_on(const Anomaly& anomaly) {
  std::string where;
  if (anomaly.connection != 0) where = fmt::format("connection {}, ", anomaly.connection);
  return fmt::format("{} {}: {}frames {} to {}: {}", to_string(anomaly.severity),
                     to_string(anomaly.type), where, anomaly.first.frame, anomaly.last.frame,
                     explanation_of(anomaly));
}

}  // namespace

void LiveNews::begin(const Summary& summary) {
  if (x_inner) x_inner->begin(summary);
}

bool LiveNews::wants(const ConnectionSize& size) const { return x_inner && x_inner->wants(size); }

void LiveNews::connection(const ConnectionReport& connection) {
  if (x_inner) x_inner->connection(connection);
}

void LiveNews::anomaly(const Anomaly& anomaly) {
  if (x_inner) x_inner->anomaly(anomaly);
}

void LiveNews::opened(const ConnectionReport& connection, Moment moment) {
  if (x_inner) x_inner->opened(connection, moment);
}

void LiveNews::closed(const ConnectionReport& connection, Moment moment) {
  if (x_inner) x_inner->closed(connection, moment);
}

void LiveNews::found(const Anomaly& anomaly) {
  x_table.add(anomaly);
  if (x_keeps_remarks && x_remarks.size() < most_remarks) {
    x_remarks.push_back({.number = anomaly.last.frame, .text = remark_on(anomaly)});
  }
  if (x_inner) x_inner->found(anomaly);
}

void LiveNews::end(const Summary& summary) {
  if (x_inner) x_inner->end(summary);
}

}  // namespace tapdeck
