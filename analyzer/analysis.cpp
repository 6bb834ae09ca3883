#include "analyzer/analysis.h"

#include <algorithm>
#include <limits>
#include <random>
#include <utility>

#include "analyzer/report/connection_report.h"

namespace tapdeck {
namespace {

constexpr std::int64_t no_time_yet = std::numeric_limits<std::int64_t>::max();

std::uint64_t fresh_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

}  // namespace

Analysis::Analysis(const AnalysisOptions& options, ReportWriter& writer, ConnectionOrder order)
    : x_writer(writer),
      x_order(order),
      x_seed(fresh_seed()),
      x_filtered(options.filtered),
      x_reader(options.vlans_in_key),
      x_earliest_since_sweep(no_time_yet) {
  x_shards.reserve(shard_count);
  for (std::size_t i = 0; i < shard_count; ++i) x_shards.emplace_back(options.limits);
  if (order == ConnectionOrder::by_end) x_writer.begin({});
}

void Analysis::add(const PacketBatch& batch) {
  const std::span<const Packet> packets(batch.packets);
  for (std::size_t at = 0; at < packets.size(); at += group_size) {
    add_group(packets.subspan(at, std::min(group_size, packets.size() - at)));
  }
  x_dissector.release_datagrams();
}

void Analysis::add_group(std::span<const Packet> packets) {
  for (const Packet& packet : packets) {
    if (packet.number >= x_next_sweep) sweep(packet.number);
    x_earliest_since_sweep = std::min(x_earliest_since_sweep, packet.time_ns);
    prepare(packet);
  }
  track_pending();
  x_last_frame = packets.back().number;
}

void Analysis::prepare(const Packet& packet) {
  x_dissector.dissect(packet, x_dissection);
  const ChecksumReport checksums = verify_checksums(x_dissection);
  x_counters.add(packet, x_dissection, checksums);
  Pending& pending = x_pending[x_pending_count];
  const bool bad_checksum = checksums.transport == ChecksumStatus::bad;
  if (!x_reader.read(packet, x_dissection, bad_checksum, pending.datagram)) return;
  ++x_pending_count;
  pending.shard = shard_of(pending.datagram.key);
  pending.hash = table_hash(pending.datagram.key, x_seed);
  x_shards[pending.shard].prefetch(pending.hash);
}

void Analysis::track_pending() {
  for (Pending& pending : std::span(x_pending).first(x_pending_count)) {
    Datagram& datagram = pending.datagram;
    if (x_shards[pending.shard].on_datagram(datagram, pending.hash)) continue;
    datagram.kind = Datagram::Kind::other;
    datagram.key = datagram.notice.own.key;
    datagram.direction = datagram.notice.own.direction;
    (void)x_shards[shard_of(datagram.key)].on_datagram(datagram, table_hash(datagram.key, x_seed));
  }
  x_pending_count = 0;
}

/// The earliest time since the last sweep stands for now: one packet with a wild time stamp among
/// thousands can't expire what is alive.
void Analysis::sweep(std::uint64_t frame) {
  track_pending();
  for (FlowTable& shard : x_shards) shard.advance(x_earliest_since_sweep, frame);
  x_earliest_since_sweep = no_time_yet;
  x_next_sweep = (frame / frames_between_sweeps + 1) * frames_between_sweeps;
  if (x_order == ConnectionOrder::by_end) {
    collect_ended();
    write_collected();
  }
}

void Analysis::collect_ended() {
  for (std::size_t shard = 0; shard < x_shards.size(); ++shard) {
    for (const EndedConversation& ended : x_shards[shard].take_ended()) {
      x_ended.push_back({ended, shard});
      const Conversation& conversation = x_shards[shard].conversation(ended.index);
      x_counters.add_conversation(conversation, x_shards[shard].details_dropped(conversation));
    }
  }
  const bool by_id = x_order == ConnectionOrder::by_id;
  std::ranges::sort(x_ended, {}, [by_id](const Ended& entry) {
    return std::pair{by_id ? 0 : entry.conversation.ended_frame, entry.conversation.first_frame};
  });
}

void Analysis::write_collected() {
  for (const auto& [ended, shard] : x_ended) {
    FlowTable& table = x_shards[shard];
    x_writer.connection(
        make_connection_report(table, table.conversation(ended.index), x_reader.tunnels()));
    table.release(ended.index);
  }
  x_ended.clear();
}

Summary Analysis::summary(const std::vector<CaptureInfo>& captures) const {
  std::uint64_t shed = 0;
  for (const FlowTable& shard : x_shards) shed += shard.shed();
  Summary result = x_counters.summary(captures, x_dissector.reassembly(), shed);
  result.hygiene.details_dropped += x_reader.details_dropped();
  result.filtered = x_filtered;
  return result;
}

void Analysis::finish(const std::vector<CaptureInfo>& captures) {
  x_dissector.finish();
  for (FlowTable& shard : x_shards) shard.finish(x_last_frame);
  collect_ended();
  const Summary whole = summary(captures);
  if (x_order == ConnectionOrder::by_id) x_writer.begin(whole);
  write_collected();
  x_writer.end(whole);
}

}  // namespace tapdeck
