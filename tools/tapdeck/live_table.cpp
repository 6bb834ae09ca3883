#include "tools/tapdeck/live_table.h"

#include <algorithm>
#include <utility>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

std::uint64_t per_second(std::uint64_t now, std::uint64_t before, std::int64_t elapsed_ns) {
  if (elapsed_ns <= 0 || now < before) return 0;
  constexpr double second = 1e9;
  return static_cast<std::uint64_t>(static_cast<double>(now - before) * second /
                                    static_cast<double>(elapsed_ns));
}

void add_tcp(LiveRow& row, const TcpConnection& connection, const TcpSlabs& slabs) {
  row.is_tcp = true;
  for (const Side side : {Side::client, Side::server}) {
    LiveDirection& direction = row.directions[index_of(side)];
    const TcpEndpoint& endpoint = connection.endpoint(side);
    direction.payload_bytes = endpoint.unique_octets + endpoint.repeated_octets;
    direction.state = connection.states().of(side).state;
    // From the capture's point to the receiver and back; both together are the whole way.
    const Transfer* const transfer = connection.judge().sent_by(slabs, side);
    if (transfer == nullptr) continue;
    row.round_trip_ns += transfer->round_trip.least();
    if (transfer->counters == no_slab_index) continue;
    direction.retransmitted_bytes = slabs.counters[transfer->counters].retransmitted_octets;
  }
  if (const auto rtt_ns = connection.handshake().rtt_ns()) row.round_trip_ns = *rtt_ns;
}

LiveRow row_of(const FlowTable& table, const Conversation& conversation) {
  LiveRow row{.id = conversation.first_frame,
              .ip_protocol = conversation.key.ip_protocol,
              .client = conversation.socket_of(Side::client),
              .server = conversation.socket_of(Side::server),
              .directions = {},
              .start_ns = conversation.details->start_ns,
              .last_ns = conversation.end_ns,
              .worst = std::nullopt};
  for (const Side side : {Side::client, Side::server}) {
    const Traffic& traffic = conversation.details->traffic[index_of(side)];
    row.directions[index_of(side)].packets = traffic.packets;
    row.directions[index_of(side)].bytes = traffic.frame_octets;
  }
  if (const TcpConnection* const connection = table.tcp(conversation)) {
    add_tcp(row, *connection, table.tcp_slabs());
  }
  conversation.details->episodes.for_each(table.watcher().episodes(), [&](const Anomaly& anomaly) {
    ++row.anomalies;
    row.worst = std::max(row.worst.value_or(anomaly.severity), anomaly.severity);
  });
  return row;
}

}  // namespace

void LiveTableTaker::add(const Anomaly& anomaly) {
  ++x_anomaly_counts[static_cast<std::size_t>(anomaly.severity)];
  if (x_anomalies.size() == anomalies_kept) x_anomalies.pop_front();
  x_anomalies.push_back(anomaly);
}

void LiveTableTaker::set_rates(LiveRow& row, std::int64_t elapsed_ns) const {
  const auto known = x_before.find(row.id);
  const Counted before = known == x_before.end() ? Counted{} : known->second;
  for (std::size_t i = 0; i < row.directions.size(); ++i) {
    LiveDirection& direction = row.directions[i];
    direction.bytes_per_second = per_second(direction.bytes, before.bytes[i], elapsed_ns);
    direction.packets_per_second = per_second(direction.packets, before.packets[i], elapsed_ns);
  }
}

LiveTable LiveTableTaker::take(Analysis& analysis, std::int64_t now_ns) {
  LiveTable table;
  table.time_ns = now_ns;
  const std::int64_t elapsed = x_before_ns ? elapsed_ns(*x_before_ns, now_ns) : 0;
  std::unordered_map<std::uint64_t, Counted> counted;
  table.rows.reserve(std::min<std::size_t>(analysis.open(), most_considered));
  analysis.visit_open(most_considered, [&](const FlowTable& shard, const Conversation& open) {
    LiveRow row = row_of(shard, open);
    set_rates(row, elapsed);
    counted[row.id] = {.packets = {row.directions[0].packets, row.directions[1].packets},
                       .bytes = {row.directions[0].bytes, row.directions[1].bytes}};
    table.rows.push_back(row);
  });
  LiveTotals& totals = table.totals;
  totals.packets = analysis.counters().totals().packets;
  totals.bytes = analysis.counters().totals().bytes;
  totals.packets_per_second = per_second(totals.packets, x_packets_before, elapsed);
  totals.bytes_per_second = per_second(totals.bytes, x_bytes_before, elapsed);
  totals.open = analysis.open();
  totals.anomalies = x_anomaly_counts;
  table.anomalies = x_anomalies;
  x_before = std::move(counted);
  x_before_ns = now_ns;
  x_packets_before = totals.packets;
  x_bytes_before = totals.bytes;
  return table;
}

}  // namespace tapdeck
