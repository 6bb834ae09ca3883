// The sockets of local hosts at a moment, by what the wire showed of their conversations until
// then.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/flow/flow_table.h"
#include "analyzer/netstat/connection_table.h"
#include "analyzer/netstat/host_facts.h"

namespace tapdeck {

class WireSockets {
 public:
  /// `local` outlives it.
  WireSockets(std::span<const Network> local, std::int64_t now_ns)
      : x_local(local), x_now_ns(now_ns) {}

  /// Of a conversation that hasn't ended.
  void add(const FlowTable& table, const Conversation& conversation);

  /// The ports of local hosts that answer.
  void add_ports(const GatheredFacts& facts);

  /// Ordered as netstat does: by protocol, those that wait first, then by sockets. Of two
  /// connections on the same sockets the later one has them.
  [[nodiscard]] std::vector<SocketRow> take();
  [[nodiscard]] std::uint64_t left_out() const { return x_left_out; }

 private:
  struct Entry {
    SocketRow row;
    std::uint32_t tunnels = 0;
  };

  void add(const FlowTable& table, const Conversation& conversation, Side side);
  void add(Entry entry);
  template <class Ports>
  void add_ports(const Ports& ports, std::uint8_t ip_protocol);

  std::span<const Network> x_local;
  std::int64_t x_now_ns;
  std::vector<Entry> x_entries;
  std::uint64_t x_left_out = 0;
};

/// Puts rows into the order of a table.
void sort_rows(std::vector<SocketRow>& rows);

}  // namespace tapdeck
