// The memory of conversations and of what belongs to them: the shards that one thread works on take
// from the same slabs.
#pragma once

#include "analyzer/anomalies/watch_slabs.h"
#include "analyzer/flow/conversation.h"
#include "analyzer/flow/slab.h"
#include "analyzer/tcp/connection.h"
#include "analyzer/tcp/tcp_slabs.h"

namespace tapdeck {

struct FlowSlabs {
  FlowSlabs() {
    conversations.count_into(octets);
    details.count_into(octets);
    early.count_into(octets);
    connections.count_into(octets);
    icmp_errors.count_into(octets);
    tcp.count_into(octets);
    watches.count_into(octets);
    episodes.count_into(octets);
  }
  FlowSlabs(const FlowSlabs&) = delete;
  FlowSlabs& operator=(const FlowSlabs&) = delete;

  std::size_t octets = 0;  // of all records in use
  Slab<Conversation> conversations;
  Slab<ConversationDetails> details;
  EarlyPacketSlab early;
  Slab<TcpConnection> connections;
  Slab<IcmpErrors> icmp_errors;
  TcpSlabs tcp;
  WatchSlabs watches;
  EpisodeSlab episodes;
};

}  // namespace tapdeck
