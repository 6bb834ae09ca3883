#include "analyzer/tracker.h"

#include <algorithm>
#include <limits>
#include <random>
#include <tuple>
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
    : x_seed(fresh_seed()),
      x_reader(options.vlans_in_key),
      x_crew(make_lanes(options), std::min(options.threads, most_threads)),
      x_earliest_since_sweep(no_time_yet) {
  const auto lanes = x_crew.lanes();
  for (std::size_t i = 0; i < shard_count; ++i) {
    x_lane_of.push_back(lanes[i % lanes.size()].get());
    x_shards.push_back(&x_lane_of.back()->tables()[i / lanes.size()]);
  }
}

/// One for each thread: whoever is free finds one that nobody works on.
std::vector<std::unique_ptr<Lane>> Tracker::make_lanes(const TrackerOptions& options) {
  const std::size_t lanes = std::clamp(options.threads, 1U, most_threads);
  std::vector<std::unique_ptr<Lane>> result;
  for (std::size_t i = 0; i < lanes; ++i) {
    result.push_back(
        std::make_unique<Lane>(LaneOptions{.tables = (shard_count - i + lanes - 1) / lanes,
                                           .limits = options.limits,
                                           .trace = options.trace,
                                           .news = options.news,
                                           .predicts = options.predicts}));
  }
  return result;
}

/// The lane whose next datagram is this packet, ready to be pushed; null if there is nothing to
/// track.
Lane* Tracker::queue(const Packet& packet, const Dissection& dissection, ChecksumStatus checksum) {
  x_last = {.frame = packet.number, .time_ns = packet.time_ns};
  x_earliest_since_sweep = std::min(x_earliest_since_sweep, packet.time_ns);
  Lane& first = *x_lane_of.front();
  QueuedDatagram* queued = &first.next();
  if (!x_reader.read(packet, dissection, checksum, queued->datagram)) return nullptr;
  const std::size_t shard = shard_of(queued->datagram.key);
  Lane& lane = *x_lane_of[shard];
  if (&lane != &first) queued = &(lane.next() = *queued);
  queued->table = x_shards[shard];
  queued->hash = table_hash(queued->datagram.key, x_seed);
  return &lane;
}

bool Tracker::add(const Packet& packet, const Dissection& dissection, ChecksumStatus checksum) {
  Lane* const lane = queue(packet, dissection, checksum);
  if (lane == nullptr) return false;
  const bool is_tcp = lane->next().datagram.kind == Datagram::Kind::tcp;
  x_crew.push(*lane);
  return is_tcp;
}

std::optional<Sender> Tracker::add_at_once(const Packet& packet, const Dissection& dissection,
                                           ChecksumStatus checksum) {
  Lane* const lane = queue(packet, dissection, checksum);
  if (lane == nullptr) return std::nullopt;
  const auto [key, direction, kind] = std::tuple(
      lane->next().datagram.key, lane->next().datagram.direction, lane->next().datagram.kind);
  const auto [table, hash] = std::pair(lane->next().table, lane->next().hash);
  x_crew.push(*lane);
  flush();
  const Conversation* const holder = table->holder(key, hash);
  if (holder == nullptr) return std::nullopt;
  const Side side = holder->side_of(direction);
  return Sender{.side = kind == Datagram::Kind::icmp_error ? other(side) : side,
                .client_known_by = holder->details->client_known_by};
}

void Tracker::flush() { x_crew.finish(); }

/// An ICMP error about a flow that nobody knows is a conversation with its sender. In the order of
/// frames: several lanes may have had some.
void Tracker::place_strays() {
  std::vector<Datagram> strays;
  for (const auto& lane : x_crew.lanes())
    std::ranges::move(lane->take_strays(), std::back_inserter(strays));
  std::ranges::sort(strays, {}, &Datagram::frame_number);
  for (Datagram& stray : strays) {
    stray.kind = Datagram::Kind::other;
    stray.key = stray.notice.own.key;
    stray.direction = stray.notice.own.direction;
    (void)x_shards[shard_of(stray.key)]->on_datagram(stray, table_hash(stray.key, x_seed));
  }
}

/// The earliest time since the last sweep stands for now: one packet with a wild time stamp among
/// thousands can't expire what is alive.
void Tracker::sweep(std::uint64_t frame) {
  flush();
  place_strays();
  for (FlowTable* const shard : x_shards) shard->advance(x_earliest_since_sweep, frame);
  x_earliest_since_sweep = no_time_yet;
  x_next_sweep = (frame / frames_between_sweeps + 1) * frames_between_sweeps;
}

void Tracker::advance(std::int64_t now_ns) {
  flush();
  place_strays();
  for (FlowTable* const shard : x_shards) shard->advance(now_ns, x_last.frame);
}

void Tracker::finish() {
  flush();
  place_strays();
  for (FlowTable* const shard : x_shards) shard->finish(x_last);
}

Trace Tracker::take_trace() {
  Trace result;
  for (FlowTable* const shard : x_shards) {
    Trace part = shard->take_trace();
    std::ranges::move(part.segments, std::back_inserter(result.segments));
    std::ranges::move(part.verdicts, std::back_inserter(result.verdicts));
  }
  std::ranges::sort(result.segments, {}, &TracedSegment::frame);
  return result;
}

std::vector<Anomaly> Tracker::take_fresh_anomalies() {
  std::vector<Anomaly> result;
  for (const auto& lane : x_crew.lanes()) {
    std::ranges::move(lane->take_fresh_anomalies(), std::back_inserter(result));
  }
  return result;
}

}  // namespace tapdeck
