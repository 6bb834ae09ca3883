#include "analyzer/flow/lane.h"

#include <algorithm>

namespace tapdeck {

Lane::Lane(const LaneOptions& options)
    : x_group_size(options.own_thread ? largest_group : asked_at_once),
      x_groups(std::make_unique<Group[]>(groups)) {
  x_slabs.tcp.predicts = options.predicts;
  x_tables.reserve(options.tables);
  for (std::size_t i = 0; i < options.tables; ++i) {
    x_tables.emplace_back(x_slabs, options.limits, options.trace, options.news.conversations);
  }
  if (options.news.anomalies) x_slabs.episodes.remember_fresh();
  if (options.own_thread) x_thread = std::thread([this] { run(); });
}

Lane::~Lane() {
  if (!x_thread.joinable()) return;
  {
    const std::lock_guard lock(x_mutex);
    x_is_over = true;
  }
  x_work.notify_one();
  x_thread.join();
}

void Lane::hand_over() {
  if (!x_thread.joinable()) {
    track(x_groups[x_handed % groups]);
    return;
  }
  std::unique_lock lock(x_mutex);
  ++x_handed;
  x_work.notify_one();
  x_room.wait(lock, [this] { return x_handed - x_tracked < groups; });
}

void Lane::finish() {
  if (x_groups[x_handed % groups].count != 0) hand_over();
  if (!x_thread.joinable()) return;
  std::unique_lock lock(x_mutex);
  x_room.wait(lock, [this] { return x_handed == x_tracked; });
  if (x_thrown) std::rethrow_exception(std::exchange(x_thrown, {}));
}

std::vector<Anomaly> Lane::take_fresh_anomalies() {
  std::vector<Anomaly> found;
  for (const SlabIndex index : x_slabs.episodes.take_fresh()) {
    found.push_back(x_slabs.episodes[index].anomaly);
  }
  return found;
}

void Lane::run() {
  std::unique_lock lock(x_mutex);
  while (true) {
    x_work.wait(lock, [this] { return x_handed != x_tracked || x_is_over; });
    if (x_handed == x_tracked) return;
    Group& group = x_groups[x_tracked % groups];
    const bool works = !x_thrown;
    lock.unlock();
    std::exception_ptr thrown;
    try {
      if (works) track(group);
    } catch (...) {
      thrown = std::current_exception();
    }
    group.count = 0;  // also of what isn't worked on any more
    lock.lock();
    if (thrown) x_thrown = thrown;
    ++x_tracked;
    x_room.notify_one();
  }
}

void Lane::track(Group& group) {
  std::span<QueuedDatagram> left = std::span(group.queued).first(group.count);
  group.count = 0;
  while (!left.empty()) {
    const std::size_t taken = std::min(left.size(), asked_at_once);
    track(left.first(taken));
    left = left.subspan(taken);
  }
}

void Lane::track(std::span<QueuedDatagram> queued) {
  for (const QueuedDatagram& each : queued) x_tables[each.table].prefetch(each.hash);
  for (QueuedDatagram& each : queued) {
    each.likely = x_tables[each.table].prefetch_conversation(each.hash);
  }
  for (const QueuedDatagram& each : queued) x_tables[each.table].prefetch_connection(each.likely);
  for (const QueuedDatagram& each : queued) {
    x_tables[each.table].prefetch_transfers(each.likely, each.datagram);
  }
  for (const QueuedDatagram& each : queued) {
    x_tables[each.table].prefetch_records(each.likely, each.datagram);
  }
  for (const QueuedDatagram& each : queued) {
    if (!x_tables[each.table].on_datagram(each.datagram, each.hash)) {
      x_strays.push_back(each.datagram);
    }
  }
}

}  // namespace tapdeck
