#include "analyzer/tracker.h"

#include <algorithm>
#include <limits>
#include <random>
#include <utility>

namespace tapdeck {
namespace {

constexpr std::int64_t no_time_yet = std::numeric_limits<std::int64_t>::max();

std::uint64_t fresh_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

}  // namespace

Tracker::Tracker(const TrackerOptions& options)
    : x_seed(fresh_seed()), x_reader(options.vlans_in_key), x_earliest_since_sweep(no_time_yet) {
  x_slabs.tcp.predicts = options.predicts;
  x_shards.reserve(shard_count);
  for (std::size_t i = 0; i < shard_count; ++i) {
    x_shards.emplace_back(x_slabs, options.limits, options.trace);
  }
}

bool Tracker::add(const Packet& packet, const Dissection& dissection, ChecksumStatus checksum) {
  x_last = {.frame = packet.number, .time_ns = packet.time_ns};
  x_earliest_since_sweep = std::min(x_earliest_since_sweep, packet.time_ns);
  Pending& pending = x_pending[x_pending_count];
  if (!x_reader.read(packet, dissection, checksum, pending.datagram)) {
    return false;
  }
  const bool is_tcp = pending.datagram.kind == Datagram::Kind::tcp;
  pending.shard = shard_of(pending.datagram.key);
  pending.hash = table_hash(pending.datagram.key, x_seed);
  x_shards[pending.shard].prefetch(pending.hash);
  if (++x_pending_count == group_size) flush();
  return is_tcp;
}

void Tracker::flush() {
  const auto waiting = std::span(x_pending).first(x_pending_count);
  for (Pending& pending : waiting) {
    pending.likely = x_shards[pending.shard].prefetch_conversation(pending.hash);
  }
  for (const Pending& pending : waiting) {
    x_shards[pending.shard].prefetch_connection(pending.likely);
  }
  for (const Pending& pending : waiting) {
    x_shards[pending.shard].prefetch_transfers(pending.likely, pending.datagram);
  }
  for (const Pending& pending : waiting) {
    x_shards[pending.shard].prefetch_records(pending.likely, pending.datagram);
  }
  for (Pending& pending : waiting) track(pending);
  x_pending_count = 0;
}

void Tracker::track(Pending& pending) {
  Datagram& datagram = pending.datagram;
  if (x_shards[pending.shard].on_datagram(datagram, pending.hash)) return;
  datagram.kind = Datagram::Kind::other;
  datagram.key = datagram.notice.own.key;
  datagram.direction = datagram.notice.own.direction;
  (void)x_shards[shard_of(datagram.key)].on_datagram(datagram, table_hash(datagram.key, x_seed));
}

/// The earliest time since the last sweep stands for now: one packet with a wild time stamp among
/// thousands can't expire what is alive.
void Tracker::sweep(std::uint64_t frame) {
  flush();
  for (FlowTable& shard : x_shards) shard.advance(x_earliest_since_sweep, frame);
  x_earliest_since_sweep = no_time_yet;
  x_next_sweep = (frame / frames_between_sweeps + 1) * frames_between_sweeps;
}

void Tracker::finish() {
  flush();
  for (FlowTable& shard : x_shards) shard.finish(x_last);
}

Trace Tracker::take_trace() {
  Trace result;
  for (FlowTable& shard : x_shards) {
    Trace part = shard.take_trace();
    std::ranges::move(part.segments, std::back_inserter(result.segments));
    std::ranges::move(part.verdicts, std::back_inserter(result.verdicts));
  }
  std::ranges::sort(result.segments, {}, &TracedSegment::frame);
  return result;
}

}  // namespace tapdeck
