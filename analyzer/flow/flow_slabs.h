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
  Slab<Conversation> conversations;
  Slab<TcpConnection> connections;
  Slab<IcmpErrors> icmp_errors;
  TcpSlabs tcp;
  WatchSlabs watches;
  EpisodeSlab episodes;
};

}  // namespace tapdeck
