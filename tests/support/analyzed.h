// Runs the whole line over a capture and keeps what a report would be written from.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analyzer/analysis.h"
#include "analyzer/report/writer.h"
#include "captures/packet_source.h"

namespace tapdeck::test {

class CollectingWriter final : public ReportWriter {
 public:
  void begin(const Summary&) override {}
  void connection(const ConnectionReport& report) override { connections.push_back(report); }
  void end(const Summary& whole) override { summary = whole; }

  Summary summary;
  std::vector<ConnectionReport> connections;
};

struct Analyzed {
  Summary summary;
  std::vector<ConnectionReport> connections;
};

inline Analyzed analyze(PacketSource& source, const AnalysisOptions& options = {}) {
  CollectingWriter writer;
  Analysis analysis(options, writer, ConnectionOrder::by_id);
  PacketBatch batch;
  while (source.next(batch)) analysis.add(batch);
  analysis.finish(source.captures());
  return {std::move(writer.summary), std::move(writer.connections)};
}

inline Analyzed analyze_file(const std::string& path, const AnalysisOptions& options = {}) {
  return analyze(*open_captures({path}, {}), options);
}

}  // namespace tapdeck::test
