// The way to a conversation's records, asked of memory a step at a time: each step reads what the
// one before it asked for.
#include "analyzer/flow/flow_table.h"

namespace tapdeck {

const Conversation* FlowTable::prefetch_conversation(std::uint32_t hash) const {
  const SlabIndex likely = x_index.find(hash, [](SlabIndex) { return true; });
  if (likely == no_slab_index) return nullptr;
  const Conversation& conversation = x_slabs.conversations[likely];
  prefetch_lines_of(conversation, &conversation, &conversation + 1);
  return &conversation;
}

void FlowTable::prefetch_ended(const EndedConversation& ended) const {
  const Conversation& conversation = x_slabs.conversations[ended.index];
  prefetch_lines_of(conversation, &conversation, &conversation + 1);
}

void FlowTable::prefetch_connection(const Conversation& likely) const {
  if (likely.details == nullptr) return;
  likely.details->prefetch();
  if (likely.tcp != no_slab_index) x_slabs.connections[likely.tcp].prefetch();
}

void FlowTable::prefetch_transfers(const Conversation& likely, const Datagram& datagram) const {
  const TcpConnection* const connection = tcp(likely);
  if (connection == nullptr) return;
  x_watcher.prefetch(likely);
  connection->judge().prefetch_transfers(x_slabs.tcp, likely.side_of(datagram.direction),
                                         datagram.payload_octets != 0);
}

void FlowTable::prefetch_records(const Conversation& likely, const Datagram& datagram) const {
  const TcpConnection* const connection = tcp(likely);
  if (connection == nullptr) return;
  connection->judge().prefetch_records(x_slabs.tcp, likely.side_of(datagram.direction),
                                       datagram.payload_octets != 0);
}

}  // namespace tapdeck
