// Between a running analysis and the format that tells of it: keeps what else wants its news, the
// remarks for the file that is written, and the table for whoever shows it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/report/writer.h"
#include "captures/background_capture.h"
#include "tools/tapdeck/live_table.h"

namespace tapdeck {

class LiveNews final : public ReportWriter {
 public:
  /// `inner` may be null: nothing is told then.
  LiveNews(std::unique_ptr<ReportWriter> inner, bool keeps_remarks)
      : x_inner(std::move(inner)), x_keeps_remarks(keeps_remarks) {}

  [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_end; }
  void begin(const Summary& summary) override;
  [[nodiscard]] bool wants(const ConnectionSize& size) const override;
  void connection(const ConnectionReport& connection) override;
  void anomaly(const Anomaly& anomaly) override;
  void opened(const ConnectionReport& connection, Moment moment) override;
  void closed(const ConnectionReport& connection, Moment moment) override;
  void found(const Anomaly& anomaly) override;
  void end(const Summary& summary) override;

  /// On the packets at which anomalies were found since the last call.
  [[nodiscard]] std::vector<PacketRemark> take_remarks() { return std::exchange(x_remarks, {}); }
  [[nodiscard]] LiveTableTaker& table() { return x_table; }

 private:
  std::unique_ptr<ReportWriter> x_inner;
  bool x_keeps_remarks;
  std::vector<PacketRemark> x_remarks;
  LiveTableTaker x_table;
};

}  // namespace tapdeck
