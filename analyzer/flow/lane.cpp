#include "analyzer/flow/lane.h"

#include <algorithm>

namespace tapdeck {

Lane::Lane(const LaneOptions& options) {
  x_slabs.tcp.predicts = options.predicts;
  x_tables.reserve(options.tables);
  for (std::size_t i = 0; i < options.tables; ++i) {
    x_tables.emplace_back(x_slabs, options.limits, options.trace, options.news.conversations);
  }
  if (options.news.anomalies) x_slabs.episodes.remember_fresh();
}

std::vector<Anomaly> Lane::take_fresh_anomalies() {
  std::vector<Anomaly> found;
  for (const SlabIndex index : x_slabs.episodes.take_fresh()) {
    found.push_back(x_slabs.episodes[index].anomaly);
  }
  return found;
}

void Lane::track_oldest() {
  Group& group = x_groups[x_tracked % groups];
  std::span<QueuedDatagram> left = std::span(group.queued).first(group.count);
  group.count = 0;
  try {
    while (!left.empty() && !x_thrown) {
      const std::size_t taken = std::min(left.size(), asked_at_once);
      track(left.first(taken));
      left = left.subspan(taken);
    }
  } catch (...) {
    x_thrown = std::current_exception();
  }
}

void Lane::track(std::span<QueuedDatagram> queued) {
  for (const QueuedDatagram& each : queued) each.table->prefetch(each.hash);
  for (QueuedDatagram& each : queued) each.likely = each.table->prefetch_conversation(each.hash);
  for (const QueuedDatagram& each : queued) {
    if (each.likely != nullptr) each.table->prefetch_connection(*each.likely);
  }
  for (const QueuedDatagram& each : queued) {
    if (each.likely != nullptr) each.table->prefetch_transfers(*each.likely, each.datagram);
  }
  for (const QueuedDatagram& each : queued) {
    if (each.likely != nullptr) each.table->prefetch_records(*each.likely, each.datagram);
  }
  for (const QueuedDatagram& each : queued) {
    if (!each.table->on_datagram(each.datagram, each.hash)) x_strays.push_back(each.datagram);
  }
}

}  // namespace tapdeck
