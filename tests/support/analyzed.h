// Runs the whole line over a capture and keeps what a report would be written from.
#pragma once

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/analysis.h"
#include "analyzer/report/writer.h"
#include "captures/packet_source.h"

namespace tapdeck::test {

class CollectingWriter final : public ReportWriter {
 public:
  [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_id; }
  void begin(const Summary&) override {}
  void connection(const ConnectionReport& report) override { connections.push_back(report); }
  void anomaly(const Anomaly& anomaly) override { anomalies.push_back(anomaly); }
  void end(const Summary& whole) override { summary = whole; }

  Summary summary;
  std::vector<ConnectionReport> connections;
  std::vector<Anomaly> anomalies;
};

struct Analyzed {
  Summary summary;
  std::vector<ConnectionReport> connections;
  std::vector<Anomaly> anomalies;
  Trace trace;  // as the options asked for
};

inline Analyzed analyze(PacketSource& source, const AnalysisOptions& options = {}) {
  CollectingWriter writer;
  Analysis analysis(options, writer);
  PacketBatch batch;
  Trace trace;
  const auto take_trace = [&] {
    Trace part = analysis.take_trace();
    std::ranges::move(part.segments, std::back_inserter(trace.segments));
    std::ranges::move(part.verdicts, std::back_inserter(trace.verdicts));
  };
  while (source.next(batch)) {
    analysis.add(batch);
    take_trace();
  }
  analysis.finish(source.captures());
  take_trace();
  return {std::move(writer.summary), std::move(writer.connections), std::move(writer.anomalies),
          std::move(trace)};
}

inline Analyzed analyze_file(const std::string& path, const AnalysisOptions& options = {}) {
  return analyze(*open_captures({path}, {}), options);
}

}  // namespace tapdeck::test
