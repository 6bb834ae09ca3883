// The straight line from packets to a report: dissect, find the conversation, advance it, and at
// the end (or while conversations end) hand them to a report format.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/anomalies/across_flows.h"
#include "analyzer/anomalies/capture_watch.h"
#include "analyzer/hygiene.h"
#include "analyzer/report/writer.h"
#include "analyzer/tracker.h"
#include "captures/packet.h"
#include "dissectors/dissector.h"

namespace tapdeck {

struct AnalysisOptions {
  TrackerOptions tracker;
  bool filtered = false;  // a filter chose the packets; the report says so
};

class Analysis {
 public:
  /// `writer` must outlive the analysis.
  Analysis(const AnalysisOptions& options, ReportWriter& writer);

  void add(const PacketBatch& batch);

  /// What the tracker's options asked for, since the last call.
  [[nodiscard]] Trace take_trace() { return x_tracker.take_trace(); }

  /// Ends every conversation and writes what is still to be written. Call once, last.
  void finish(const std::vector<CaptureInfo>& captures);

  /// How many anomalies of each severity were found, once the analysis is finished.
  [[nodiscard]] const std::array<std::uint64_t, severity_count>& anomalies() const {
    return x_anomaly_counts;
  }

 private:
  struct Ended {
    EndedConversation conversation;
    std::size_t shard = 0;
  };

  void collect_ended();
  void write_by_end();
  [[nodiscard]] const Conversation& conversation_of(const Ended& ended) const;
  void take_account(const Ended& ended, std::vector<Anomaly>& found);
  [[nodiscard]] std::optional<ConnectionReport> wanted_report(const Ended& ended) const;
  [[nodiscard]] std::vector<Anomaly> anomalies_across(
      const std::vector<CaptureInfo>& captures) const;
  void count(const std::vector<Anomaly>& found);
  void write_by_id(const std::vector<CaptureInfo>& captures);
  [[nodiscard]] Summary summary(const std::vector<CaptureInfo>& captures) const;

  ReportWriter& x_writer;
  bool x_filtered;
  Dissector x_dissector;
  Dissection x_dissection;
  PacketCounters x_counters;
  CaptureWatch x_watch;
  Tracker x_tracker;
  std::vector<Ended> x_ended;
  std::array<std::uint64_t, severity_count> x_anomaly_counts{};
  std::uint64_t x_written = 0;  // anomalies, so far
};

}  // namespace tapdeck
