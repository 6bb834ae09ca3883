#include "analyzer/netstat/netstat.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "analyzer/netstat/wire_sockets.h"

namespace tapdeck {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

void take_off(HostCounters& sum, HostCounter from, HostCounter part) {
  sum[from] -= std::min(sum[from], sum[part]);
}

HostCounters sum_of_local(const GatheredFacts& facts, const std::vector<Network>& local) {
  HostCounters sum;
  facts.hosts.for_each([&](const HostKey& key, const HostFacts& host) {
    if (contains(local, key.host)) sum.merge(host.counters);
  });
  // What came for a port that nobody had was not received by anybody, and RFC 1213's tcpOutSegs
  // leaves out what was only sent again.
  take_off(sum, HostCounter::udp_received, HostCounter::udp_unknown_port);
  take_off(sum, HostCounter::tcp_sent, HostCounter::tcp_retransmitted);
  return sum;
}

}  // namespace

void Netstat::add(const Packet& packet) {
  if (x_tracker.sweep_due(packet.number)) {
    x_tracker.sweep(packet.number);
    take_ended();
  }
  x_dissector.dissect(packet, *x_dissection);
  const ChecksumReport checksums = verify_checksums(*x_dissection);
  x_facts.add_packet(packet, *x_dissection, checksums);
  x_links.add(packet, *x_dissection, checksums);
  x_names.add(*x_dissection);
  x_tracker.add(packet, *x_dissection, checksums.transport);
  x_last_frame = packet.number;
  x_latest_ns = std::max(x_latest_ns, packet.time_ns);
  x_time_digits = std::max(x_time_digits, packet.time_digits);
}

void Netstat::take_ended() {
  for (FlowTable* const shard : x_tracker.shards()) {
    for (const EndedConversation& ended : shard->take_ended()) {
      x_facts.add_conversation(*shard, shard->conversation(ended.index), false);
      shard->release(ended.index);
    }
  }
}

void Netstat::advance(std::int64_t now_ns) {
  x_tracker.advance(now_ns);
  take_ended();
}

void Netstat::conclude() {
  x_tracker.flush();
  for (FlowTable* const shard : x_tracker.shards()) shard->settle_all();
}

/// With conversations that are open, which go on counting.
GatheredFacts Netstat::all_facts() {
  x_tracker.flush();
  take_ended();
  GatheredFacts facts = x_facts;
  for (const FlowTable* const shard : x_tracker.shards()) {
    shard->visit_open(all, [&](const Conversation& conversation) {
      facts.add_conversation(*shard, conversation, true);
    });
  }
  return facts;
}

LocalGuess Netstat::guess() { return guess_local(all_facts()); }

std::vector<Network> Netstat::unseen(const std::vector<Network>& networks) const {
  std::vector<Network> rest = networks;
  x_facts.hosts.for_each([&](const HostKey& key, const HostFacts&) {
    std::erase_if(rest, [&](const Network& network) { return network.contains(key.host); });
  });
  if (x_facts.hosts.dropped() != 0) rest.clear();
  return rest;
}

ConnectionTable Netstat::table(const std::vector<Network>& local, std::int64_t now_ns,
                               const std::vector<CaptureInfo>& captures) {
  const GatheredFacts facts = all_facts();
  ConnectionTable table{.time_ns = now_ns,
                        .frame = x_last_frame,
                        .time_digits = x_time_digits,
                        .by_wire = true,
                        .by_kernel = false,
                        .local = local,
                        .rows = {},
                        .counters = sum_of_local(facts, local),
                        .interfaces = x_links.interfaces(local, captures),
                        .routes = x_links.routes(local, captures)};
  WireSockets sockets(table.local, now_ns);
  for (const FlowTable* const shard : x_tracker.shards()) {
    shard->visit_open(all,
                      [&](const Conversation& conversation) { sockets.add(*shard, conversation); });
  }
  sockets.add_ports(facts);
  table.rows = sockets.take();
  for (SocketRow& row : table.rows) {
    if (const std::string* const name = x_names.find(row.foreign.address)) {
      row.foreign_name = *name;
    }
  }
  table.left_out = facts.left_out() + x_links.left_out() + x_names.left_out() + sockets.left_out();
  return table;
}

}  // namespace tapdeck
