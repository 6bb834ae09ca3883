#include "analyzer/analysis.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>

#include "analyzer/report/connection_report.h"

namespace tapdeck {
namespace {

auto order_of(const Anomaly& anomaly) {
  return std::tuple{anomaly.first.frame, anomaly.connection, anomaly.type, anomaly.direction,
                    anomaly.last.frame};
}

void add_anomaly(ConnectionReport& report, const Anomaly& anomaly, std::uint64_t index) {
  report.anomalies.push_back(index);
  if (std::ranges::find(report.anomaly_types, anomaly.type) == report.anomaly_types.end()) {
    report.anomaly_types.push_back(anomaly.type);
  }
}

}  // namespace

Analysis::Analysis(const AnalysisOptions& options, ReportWriter& writer, ConnectionOrder order)
    : x_writer(writer), x_order(order), x_filtered(options.filtered), x_tracker(options.tracker) {
  if (order == ConnectionOrder::by_end) x_writer.begin({});
}

void Analysis::add(const PacketBatch& batch) {
  for (const Packet& packet : batch.packets) {
    if (x_tracker.sweep_due(packet.number)) {
      x_tracker.sweep(packet.number);
      if (x_order == ConnectionOrder::by_end) {
        collect_ended();
        write_collected();
      }
    }
    x_dissector.dissect(packet, x_dissection);
    const ChecksumReport checksums = verify_checksums(x_dissection);
    x_counters.add(packet, x_dissection, checksums);
    x_watch.add(packet, x_dissection, checksums);
    x_tracker.add(packet, x_dissection, checksums.transport);
  }
  x_dissector.release_datagrams();
}

void Analysis::collect_ended() {
  for (std::size_t shard = 0; shard < x_tracker.shards().size(); ++shard) {
    FlowTable& table = x_tracker.shards()[shard];
    for (const EndedConversation& ended : table.take_ended()) {
      x_ended.push_back({ended, shard});
      x_counters.add_conversation(table, table.conversation(ended.index));
    }
  }
  const bool by_id = x_order == ConnectionOrder::by_id;
  std::ranges::sort(x_ended, {}, [by_id](const Ended& entry) {
    return std::pair{by_id ? 0 : entry.conversation.ended_frame, entry.conversation.first_frame};
  });
}

const Conversation& Analysis::conversation_of(const Ended& ended) const {
  return x_tracker.shards()[ended.shard].conversation(ended.conversation.index);
}

std::vector<Anomaly> Analysis::anomalies_of(const Ended& ended) const {
  const EpisodeSlab& slab = x_tracker.shards()[ended.shard].watcher().episodes();
  const Episodes& episodes = conversation_of(ended).episodes;
  std::vector<Anomaly> found;
  found.reserve(episodes.size());
  episodes.for_each(slab, [&](const Anomaly& anomaly) { found.push_back(anomaly); });
  std::ranges::sort(found, {}, order_of);
  return found;
}

std::vector<Anomaly> Analysis::anomalies_across(const std::vector<CaptureInfo>& captures) const {
  AcrossFlows whole;
  for (const FlowTable& shard : x_tracker.shards()) whole.merge(shard.watcher().across_flows());
  std::vector<Anomaly> found = whole.judge();
  std::ranges::move(x_watch.judge(captures, x_dissector.reassembly(), whole.leaps()),
                    std::back_inserter(found));
  std::ranges::sort(found, {}, order_of);
  return found;
}

void Analysis::count(const std::vector<Anomaly>& found) {
  for (const Anomaly& anomaly : found) {
    ++x_anomaly_counts[static_cast<std::size_t>(anomaly.severity)];
  }
}

/// In the order of ending, each followed by its anomalies.
void Analysis::write_collected() {
  for (const Ended& ended : x_ended) {
    FlowTable& table = x_tracker.shards()[ended.shard];
    const std::vector<Anomaly> found = anomalies_of(ended);
    for (const Anomaly& anomaly : found) x_watch.add(anomaly);
    count(found);
    ConnectionReport report = make_connection_report(
        table, table.conversation(ended.conversation.index), x_tracker.tunnels());
    for (const Anomaly& anomaly : found) add_anomaly(report, anomaly, x_next_index++);
    x_writer.connection(report);
    for (const Anomaly& anomaly : found) x_writer.anomaly(anomaly);
    table.release(ended.conversation.index);
  }
  x_ended.clear();
}

/// All connections by their first frames, then all anomalies by theirs.
void Analysis::write_by_id(const std::vector<CaptureInfo>& captures) {
  std::vector<Anomaly> found;
  found.reserve(std::transform_reduce(
      x_ended.begin(), x_ended.end(), std::size_t{0}, std::plus{},
      [this](const Ended& ended) { return conversation_of(ended).episodes.size(); }));
  for (const Ended& ended : x_ended)
    std::ranges::move(anomalies_of(ended), std::back_inserter(found));
  for (const Anomaly& anomaly : found) x_watch.add(anomaly);
  std::ranges::move(anomalies_across(captures), std::back_inserter(found));
  std::ranges::sort(found, {}, order_of);
  count(found);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> indexes;  // of connections, in their order
  for (std::uint64_t i = 0; i < found.size(); ++i) indexes.emplace_back(found[i].connection, i);
  std::ranges::sort(indexes);
  x_writer.begin(summary(captures));
  for (const Ended& ended : x_ended) {
    FlowTable& table = x_tracker.shards()[ended.shard];
    ConnectionReport report = make_connection_report(
        table, table.conversation(ended.conversation.index), x_tracker.tunnels());
    const auto own = std::ranges::equal_range(indexes, report.id, {},
                                              &std::pair<std::uint64_t, std::uint64_t>::first);
    for (const auto& [connection, index] : own) add_anomaly(report, found[index], index);
    x_writer.connection(report);
    table.release(ended.conversation.index);
  }
  for (const Anomaly& anomaly : found) x_writer.anomaly(anomaly);
}

Summary Analysis::summary(const std::vector<CaptureInfo>& captures) const {
  std::uint64_t shed = 0;
  for (const FlowTable& shard : x_tracker.shards()) shed += shard.shed();
  Summary result = x_counters.summary(captures, x_dissector.reassembly(), shed);
  result.hygiene.details_dropped += x_tracker.details_dropped() + x_watch.details_dropped();
  for (const FlowTable& shard : x_tracker.shards()) {
    result.hygiene.details_dropped += shard.watcher().across_flows().details_dropped();
  }
  result.filtered = x_filtered;
  result.totals.anomalies = x_anomaly_counts;
  return result;
}

void Analysis::finish(const std::vector<CaptureInfo>& captures) {
  x_dissector.finish();
  x_tracker.finish();
  collect_ended();
  if (x_order == ConnectionOrder::by_id) {
    write_by_id(captures);
  } else {
    write_collected();
    const std::vector<Anomaly> across = anomalies_across(captures);
    count(across);
    for (const Anomaly& anomaly : across) x_writer.anomaly(anomaly);
  }
  x_writer.end(summary(captures));
}

}  // namespace tapdeck
