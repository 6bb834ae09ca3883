// The way to a conversation's records, asked of memory a step at a time: each step reads what the
// one before it asked for.
#include "analyzer/flow/flow_table.h"

namespace tapdeck {

SlabIndex FlowTable::prefetch_conversation(std::uint32_t hash) const {
  const SlabIndex likely = x_index.find(hash, [](SlabIndex) { return true; });
  if (likely != no_slab_index) {
    const Conversation& conversation = x_slabs.conversations[likely];
    prefetch_lines(&conversation, &conversation + 1);
  }
  return likely;
}

void FlowTable::prefetch_connection(SlabIndex likely) const {
  if (likely == no_slab_index) return;
  const Conversation& conversation = x_slabs.conversations[likely];
  if (conversation.details == nullptr) return;
  conversation.details->prefetch();
  if (conversation.tcp == no_slab_index) return;
  x_slabs.connections[conversation.tcp].prefetch();
}

void FlowTable::prefetch_transfers(SlabIndex likely, const Datagram& datagram) const {
  if (likely == no_slab_index) return;
  const Conversation& conversation = x_slabs.conversations[likely];
  const TcpConnection* const connection = tcp(conversation);
  if (connection == nullptr) return;
  x_watcher.prefetch(conversation);
  connection->judge().prefetch_transfers(x_slabs.tcp, conversation.side_of(datagram.direction),
                                         datagram.payload_octets != 0);
}

void FlowTable::prefetch_records(SlabIndex likely, const Datagram& datagram) const {
  if (likely == no_slab_index) return;
  const Conversation& conversation = x_slabs.conversations[likely];
  const TcpConnection* const connection = tcp(conversation);
  if (connection == nullptr) return;
  connection->judge().prefetch_records(x_slabs.tcp, conversation.side_of(datagram.direction),
                                       datagram.payload_octets != 0);
}

}  // namespace tapdeck
