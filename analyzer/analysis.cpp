#include "analyzer/analysis.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "analyzer/report/connection_report.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

void add_anomaly(ConnectionReport& report, const Anomaly& anomaly, std::uint64_t index) {
  report.anomalies.push_back(index);
  if (std::ranges::find(report.anomaly_types, anomaly.type) == report.anomaly_types.end()) {
    report.anomaly_types.push_back(anomaly.type);
  }
}

}  // namespace

Analysis::Analysis(const AnalysisOptions& options, ReportWriter& writer)
    : x_writer(writer),
      x_filtered(options.filtered),
      x_news(options.tracker.news),
      x_tracker(options.tracker) {
  if (writer.order() == ConnectionOrder::by_end) x_writer.begin({});
}

void Analysis::add(const PacketBatch& batch) {
  for (const Packet& packet : batch.packets) {
    if (x_tracker.sweep_due(packet.number)) {
      x_tracker.sweep(packet.number);
      if (x_writer.order() == ConnectionOrder::by_end) {
        tell_news();
        collect_ended();
        write_by_end();
      }
    }
    x_dissector.dissect(packet, x_dissection);
    const ChecksumReport checksums = verify_checksums(x_dissection);
    x_counters.add(packet, x_dissection, checksums);
    x_watch.add(packet, x_dissection, checksums);
    x_tracker.add(packet, x_dissection, checksums.transport);
  }
  x_dissector.release_datagrams();
  if (x_news.conversations || x_news.anomalies) {
    x_tracker.flush();
    tell_news();
  }
}

void Analysis::advance(std::int64_t now_ns) {
  constexpr std::int64_t between_judgments_ns = 60'000'000'000;
  x_tracker.advance(now_ns);
  tell_news();
  collect_ended();
  write_by_end();
  if (!x_judged_ns) x_judged_ns = now_ns;
  if (elapsed_ns(*x_judged_ns, now_ns) < between_judgments_ns) return;
  x_judged_ns = now_ns;
  judge_recent();
}

void Analysis::judge_recent() {
  AcrossFlows whole;
  for (FlowTable* const shard : x_tracker.shards()) {
    whole.merge(shard->watcher().across_flows());
    shard->watcher().across_flows().forget_recent();
  }
  x_across_dropped += whole.details_dropped();
  std::vector<Anomaly> found = whole.judge_recent();
  std::ranges::move(x_watch.judge_recent(whole.leaps()), std::back_inserter(found));
  std::ranges::sort(found, {}, order_of);
  tell_across(found);
}

/// What spans conversations belongs to none, so that it is told when it is known.
void Analysis::tell_across(const std::vector<Anomaly>& found) {
  count(found);
  for (const Anomaly& anomaly : found) {
    if (x_news.anomalies) x_writer.found(anomaly);
    x_writer.anomaly(anomaly);
  }
}

void Analysis::tell_news() {
  if (x_news.conversations) tell_conversations();
  if (!x_news.anomalies) return;
  for (const Anomaly& anomaly : x_tracker.take_fresh_anomalies()) x_writer.found(anomaly);
}

/// In the order of frames.
void Analysis::tell_conversations() {
  std::vector<std::pair<ConversationNews, const FlowTable*>> all;
  for (FlowTable* const shard : x_tracker.shards()) {
    for (const ConversationNews& news : shard->take_news()) all.emplace_back(news, shard);
  }
  std::ranges::stable_sort(all, {}, [](const auto& entry) { return entry.first.moment.frame; });
  for (const auto& [news, shard] : all) {
    const ConnectionReport report =
        make_connection_report(*shard, shard->conversation(news.index), x_tracker.tunnels());
    if (news.kind == ConversationNews::Kind::opened) {
      x_writer.opened(report, news.moment);
    } else {
      x_writer.closed(report, news.moment);
    }
  }
}

std::size_t Analysis::open() const {
  std::size_t sum = 0;
  for (const FlowTable* const shard : x_tracker.shards()) sum += shard->open();
  return sum;
}

void Analysis::collect_ended() {
  std::vector<std::vector<EndedConversation>> parts;
  std::size_t count = x_ended.size();
  for (FlowTable* const shard : x_tracker.shards()) {
    count += parts.emplace_back(shard->take_ended()).size();
  }
  x_ended.reserve(count);
  for (std::uint32_t shard = 0; shard < parts.size(); ++shard) {
    for (const auto& [end, first_frame, index] : std::exchange(parts[shard], {})) {
      x_ended.push_back({end, first_frame, index, shard});
    }
  }
  const bool by_id = x_writer.order() == ConnectionOrder::by_id;
  std::ranges::sort(x_ended, {}, [by_id](const Ended& entry) {
    return std::pair{by_id ? 0 : entry.end.frame, entry.first_frame};
  });
}

const Conversation& Analysis::conversation_of(const Ended& ended) const {
  return table_of(ended).conversation(ended.index);
}

/// Of x_ended; asks memory early for those that will follow.
void Analysis::conclude(std::size_t at) {
  constexpr std::size_t two_steps = 16, one_step = 8;
  const auto ahead = [&](std::size_t steps, auto prefetch) {
    if (at + steps >= x_ended.size()) return;
    const Ended& next = x_ended[at + steps];
    (table_of(next).*prefetch)(next.conversation());
  };
  ahead(two_steps, &FlowTable::prefetch_ended);
  ahead(one_step, &FlowTable::prefetch_early);
  table_of(x_ended[at]).conclude(x_ended[at].conversation());
}

/// Adds its anomalies to `found`, in their order.
void Analysis::take_account(const Ended& ended, std::vector<Anomaly>& found) {
  FlowTable& table = table_of(ended);
  table.count_across(ended.conversation());
  const Conversation& conversation = conversation_of(ended);
  x_counters.add_conversation(table, conversation);
  const auto before = static_cast<std::ptrdiff_t>(found.size());
  conversation.details->episodes.for_each(table.watcher().episodes(), [&](const Anomaly& anomaly) {
    x_watch.add(anomaly);
    found.push_back(anomaly);
  });
  std::ranges::sort(found.begin() + before, found.end(), {}, order_of);
}

std::optional<ConnectionReport> Analysis::wanted_report(const Ended& ended) const {
  const Conversation& conversation = conversation_of(ended);
  const auto& [forth, back] = conversation.details->traffic;
  const std::uint64_t bytes = forth.frame_octets + back.frame_octets;
  if (!x_writer.wants({.id = conversation.first_frame, .bytes = bytes})) return std::nullopt;
  return make_connection_report(table_of(ended), conversation, x_tracker.tunnels());
}

std::vector<Anomaly> Analysis::anomalies_across(const std::vector<CaptureInfo>& captures) {
  AcrossFlows whole;
  for (const FlowTable* shard : x_tracker.shards()) whole.merge(shard->watcher().across_flows());
  x_across_dropped += whole.details_dropped();
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
void Analysis::write_by_end() {
  std::vector<Anomaly> found;
  for (std::size_t at = 0; at < x_ended.size(); ++at) {
    const Ended& ended = x_ended[at];
    found.clear();
    conclude(at);
    take_account(ended, found);
    count(found);
    if (std::optional<ConnectionReport> report = wanted_report(ended)) {
      for (std::size_t i = 0; i < found.size(); ++i) add_anomaly(*report, found[i], x_written + i);
      x_writer.connection(*report);
    }
    x_written += found.size();
    for (const Anomaly& anomaly : found) x_writer.anomaly(anomaly);
    table_of(ended).release(ended.index);
  }
  x_ended.clear();
}

/// All connections by their first frames, then all anomalies by theirs.
void Analysis::write_by_id(const std::vector<CaptureInfo>& captures) {
  std::vector<Anomaly> found;
  for (std::size_t at = 0; at < x_ended.size(); ++at) {
    const Ended& ended = x_ended[at];
    conclude(at);
    take_account(ended, found);
    table_of(ended).set_aside(ended.conversation());
  }
  std::ranges::move(anomalies_across(captures), std::back_inserter(found));
  std::ranges::sort(found, {}, order_of);
  count(found);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> indexes;  // of connections, in their order
  for (std::uint64_t i = 0; i < found.size(); ++i) indexes.emplace_back(found[i].connection, i);
  std::ranges::sort(indexes);
  x_writer.begin(summary(captures));
  for (std::size_t at = 0; at < x_ended.size(); ++at) {
    const Ended& ended = x_ended[at];
    conclude(at);
    if (std::optional<ConnectionReport> report = wanted_report(ended)) {
      const auto own = std::ranges::equal_range(indexes, report->id, {},
                                                &std::pair<std::uint64_t, std::uint64_t>::first);
      for (const auto& [connection, index] : own) add_anomaly(*report, found[index], index);
      x_writer.connection(*report);
    }
    table_of(ended).release(ended.index);
  }
  for (const Anomaly& anomaly : found) x_writer.anomaly(anomaly);
}

Summary Analysis::summary(const std::vector<CaptureInfo>& captures) const {
  std::array<std::uint64_t, 4> shed{};
  std::uint64_t dropped = x_tracker.details_dropped() + x_watch.details_dropped();
  for (const FlowTable* shard : x_tracker.shards()) {
    std::ranges::transform(shed, shard->shed(), shed.begin(), std::plus{});
    dropped += shard->details_dropped();
  }
  Summary result = x_counters.summary(captures, x_dissector.reassembly(), shed);
  result.hygiene.details_dropped += dropped + x_across_dropped;
  result.filtered = x_filtered;
  result.totals.anomalies = x_anomaly_counts;
  return result;
}

void Analysis::finish(const std::vector<CaptureInfo>& captures) {
  x_dissector.finish();
  x_tracker.finish();
  tell_news();
  collect_ended();
  if (x_writer.order() == ConnectionOrder::by_id) {
    write_by_id(captures);
  } else {
    write_by_end();
    tell_across(anomalies_across(captures));
  }
  x_writer.end(summary(captures));
}

}  // namespace tapdeck
