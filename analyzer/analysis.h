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

  /// For captures that are still going on, whether packets come or not: it is `now_ns` by the clock
  /// that stamps them. What has been silent for too long ends, and what spans conversations is
  /// judged from time to time, so that memory holds only what is recent.
  void advance(std::int64_t now_ns);

  /// Those that haven't ended, with their shard: `visit(table, conversation)`, about `most` of them
  /// at most, of each shard the most recently active of each stage first.
  template <class Visit>
  void visit_open(std::size_t most, Visit visit) {
    x_tracker.flush();
    for (const FlowTable* const shard : x_tracker.shards()) {
      shard->visit_open(most / Tracker::shard_count,
                        [&](const Conversation& conversation) { visit(*shard, conversation); });
    }
  }
  [[nodiscard]] std::size_t open() const;
  [[nodiscard]] const TunnelStacks& tunnels() const { return x_tracker.tunnels(); }
  [[nodiscard]] const PacketCounters& counters() const { return x_counters; }

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
    Moment end;
    std::uint64_t first_frame = 0;
    SlabIndex index = no_slab_index;
    std::uint32_t shard = 0;

    [[nodiscard]] EndedConversation conversation() const { return {end, first_frame, index}; }
  };

  void tell_news();
  void tell_conversations();
  void judge_recent();
  void tell_across(const std::vector<Anomaly>& found);
  void collect_ended();
  void write_by_end();
  [[nodiscard]] const Conversation& conversation_of(const Ended& ended) const;
  [[nodiscard]] FlowTable& table_of(const Ended& ended) const {
    return *x_tracker.shards()[ended.shard];
  }
  void conclude(std::size_t at);
  void take_account(const Ended& ended, std::vector<Anomaly>& found);
  [[nodiscard]] std::optional<ConnectionReport> wanted_report(const Ended& ended) const;
  [[nodiscard]] std::vector<Anomaly> anomalies_across(const std::vector<CaptureInfo>& captures);
  void count(const std::vector<Anomaly>& found);
  void write_by_id(const std::vector<CaptureInfo>& captures);
  [[nodiscard]] Summary summary(const std::vector<CaptureInfo>& captures) const;

  ReportWriter& x_writer;
  bool x_filtered;
  NewsWish x_news;
  Dissector x_dissector;
  Dissection x_dissection;
  PacketCounters x_counters;
  CaptureWatch x_watch;
  Tracker x_tracker;
  std::vector<Ended> x_ended;
  std::array<std::uint64_t, severity_count> x_anomaly_counts{};
  std::optional<std::int64_t> x_judged_ns;  // when what spans conversations was judged last
  std::uint64_t x_written = 0;              // anomalies, so far
  std::uint64_t x_across_dropped = 0;  // details of what spans conversations, once that was judged
};

}  // namespace tapdeck
