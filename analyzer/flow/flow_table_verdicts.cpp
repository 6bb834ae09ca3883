// Final verdicts of a shard: to those who asked for them, and to the watcher.
#include <algorithm>
#include <vector>

#include "analyzer/flow/flow_table.h"

namespace tapdeck {

void FlowTable::take_settled(Conversation& conversation) {
  x_watcher.on_settled(conversation, x_slabs.connections[conversation.tcp], x_slabs.tcp);
  if (is_traced(TraceWish::verdicts)) {
    for (const JudgedSegment& judged : x_slabs.tcp.settled) {
      x_trace.verdicts.push_back({judged.frame, conversation.first_frame, judged.verdict});
    }
  }
  x_slabs.tcp.settled.clear();
}

/// Of connections that are silent: no segment of theirs looks after their verdicts.
void FlowTable::settle_overdue(Moment now) {
  std::erase_if(x_unsettled, [&](Unsettled& each) {
    if (now.frame <= each.due.frame && now.time_ns <= each.due.time_ns) return false;
    Conversation& conversation = x_slabs.conversations[each.index];
    Judge& judge = x_slabs.connections[conversation.tcp].judge();
    judge.settle_overdue(x_slabs.tcp, now);
    take_settled(conversation);
    conversation.unsettled = judge.has_pending();
    if (conversation.unsettled) each.due = judge.due(x_slabs.tcp);
    return !conversation.unsettled;
  });
}

void FlowTable::settle_all() {
  const Charge charge(x_slabs.octets, x_octets);
  for (const Unsettled& each : x_unsettled) {
    Conversation& conversation = x_slabs.conversations[each.index];
    x_slabs.connections[conversation.tcp].judge().settle_all(x_slabs.tcp);
    take_settled(conversation);
    conversation.unsettled = false;
  }
  x_unsettled.clear();
}

void FlowTable::trace_segment(const Conversation& conversation, Side from,
                              const Datagram& datagram) {
  const TcpConnection& connection = x_slabs.connections[conversation.tcp];
  x_trace.segments.push_back({.key = {conversation.key, datagram.direction},
                              .connection = conversation.first_frame,
                              .frame = datagram.frame_number,
                              .time_ns = datagram.time_ns,
                              .from = from,
                              .segment = datagram.segment,
                              .window_shift = connection.states().view(from).shift(),
                              .states_after = {connection.states().of(Side::client).state,
                                               connection.states().of(Side::server).state}});
}

/// Its verdict is final, and says what was predicted.
void FlowTable::trace_predicted(const Conversation& conversation, const Datagram& datagram,
                                const Judge::Result& result) {
  x_trace.verdicts.push_back(
      {.frame = datagram.frame_number,
       .connection = conversation.first_frame,
       .verdict = {.placement = result.seen.placement,
                   .ack = result.acknowledged.advances ? AckVerdict::advances : AckVerdict::none}});
}

}  // namespace tapdeck
