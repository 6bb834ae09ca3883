// Connections of which only the first packets are kept: until another kind of packet, one more than
// they are kept of, or the report asks for what tracking them tells.
#include "analyzer/flow/flow_table.h"

namespace tapdeck {

/// True if nothing else need be done with the datagram for now.
bool FlowTable::keep_early(SlabIndex index, const Datagram& datagram) {
  Conversation& conversation = x_slabs.conversations[index];
  if (conversation.early.count() >= x_limits.early_packets ||
      !conversation.early.takes(x_slabs.early, conversation, datagram)) {
    return false;
  }
  conversation.early.add(x_slabs.early, conversation, datagram);
  conversation.end_ns = datagram.time_ns;
  if (datagram.segment.is_syn_ack()) enter(index, Stage::open);
  return true;
}

void FlowTable::take_in_early(SlabIndex index) {
  Conversation& conversation = x_slabs.conversations[index];
  conversation.early.for_each(x_slabs.early, conversation, [&](const Datagram& datagram) {
    if (!conversation.is_tracked()) open(index, datagram);
    add(index, datagram, Sighting::fresh);
  });
}

/// From here on. Requires: it isn't tracked yet.
void FlowTable::track(SlabIndex index) {
  take_in_early(index);
  x_slabs.conversations[index].early.clear(x_slabs.early);
}

void FlowTable::conclude(const EndedConversation& ended) {
  Conversation& conversation = x_slabs.conversations[ended.index];
  if (conversation.is_tracked()) return;
  const Charge charge(x_slabs.octets, x_octets);
  x_ended_octets -= octets_of(conversation);
  take_in_early(ended.index);
  judge_end(ended.index, ended.end);
  x_ended_octets += octets_of(conversation);
}

void FlowTable::count_across(const EndedConversation& ended) {
  Conversation& conversation = x_slabs.conversations[ended.index];
  Findings found = x_watcher.findings(conversation);
  x_watcher.across_flows().on_end(conversation, tcp(conversation), found);
}

void FlowTable::set_aside(const EndedConversation& ended) {
  Conversation& conversation = x_slabs.conversations[ended.index];
  if (conversation.early.empty()) return;
  const Charge charge(x_slabs.octets, x_octets);
  x_ended_octets -= octets_of(conversation);
  release_records(conversation);
  x_ended_octets += octets_of(conversation);
}

}  // namespace tapdeck
