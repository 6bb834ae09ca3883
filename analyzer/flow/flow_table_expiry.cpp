// Who ends when: conversations in the order of their last activity, each kind in a list of its own.
#include <utility>

#include "analyzer/anomalies/conversation_watch.h"
#include "analyzer/flow/flow_table.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// Beside its records, with room to grow: what finds a conversation (21 octets at most), and what
/// its end takes here (32) and where it is read (40).
constexpr std::size_t octets_beside = 128;

bool was_active_since(const Conversation& conversation) {
  return conversation.end_ns > conversation.activity.since_ns;
}

}  // namespace

bool FlowTable::is_full() const {
  return x_open >= x_limits.open_conversations ||
         x_octets - x_ended_octets + x_open * octets_beside > x_limits.octets;
}

/// Attempts that came to nothing give way first, then what is over, then what is silent. As under a
/// clock's hand: what was active since it was passed gets another turn.
void FlowTable::make_room(Moment moment) {
  for (const Stage stage : {Stage::attempt, Stage::over, Stage::idle, Stage::open}) {
    const ActivityList& list = list_of(stage);
    while (is_full() && list.oldest != no_slab_index) {
      while (was_active_since(x_slabs.conversations[list.oldest])) relink(list.oldest);
      ++x_shed[static_cast<std::size_t>(stage)];
      end(list.oldest, moment);
    }
  }
}

/// A conversation that holds its sockets takes the one it would replace with it; that one alone
/// leaves the attempt where it is.
void FlowTable::end(SlabIndex index, Moment moment) {
  Conversation& conversation = x_slabs.conversations[index];
  const SlabIndex holder = find(conversation.key, conversation.hash);
  if (holder != index) {
    x_slabs.conversations[holder].predecessor = no_slab_index;
  } else {
    x_index.erase(conversation.hash, index);
    if (conversation.predecessor != no_slab_index) {
      retire(std::exchange(conversation.predecessor, no_slab_index), moment);
    }
  }
  retire(index, moment);
}

/// Requires: the index doesn't name it any more.
void FlowTable::retire(SlabIndex index, Moment moment) {
  const Conversation& conversation = x_slabs.conversations[index];
  if (conversation.is_tracked()) judge_end(index, moment);
  unlink(index);
  x_ended.push_back({moment, conversation.first_frame, index});
  x_ended_octets += octets_of(conversation);
  --x_open;
}

void FlowTable::judge_end(SlabIndex index, Moment moment) {
  Conversation& conversation = x_slabs.conversations[index];
  if (conversation.tcp != no_slab_index) {
    x_slabs.connections[conversation.tcp].judge().settle_all(x_slabs.tcp);
    take_settled(conversation);
    if (conversation.unsettled) {
      std::erase_if(x_unsettled, [&](const Unsettled& each) { return each.index == index; });
    }
    conversation.unsettled = false;
  }
  x_watcher.on_end(conversation, tcp(conversation), x_slabs.tcp, moment);
  Findings findings = x_watcher.findings(conversation);
  const EndOfConversation ended{.conversation = conversation,
                                .icmp_errors = icmp_errors(conversation),
                                .copies = copies(conversation),
                                .end = moment};
  find_at_end(ended, findings);
  if (conversation.tcp != no_slab_index) {
    x_slabs.connections[conversation.tcp].judge().conclude(x_slabs.tcp);
  }
  x_watcher.across_flows().on_copies(ended.copies);
  conversation.details->ended_frame = moment.frame;
}

/// Of a conversation that has ended.
std::size_t FlowTable::octets_of(const Conversation& conversation) const {
  std::size_t octets = sizeof(Conversation) + conversation.early.octets();
  if (!conversation.is_tracked()) return octets;
  octets += sizeof(ConversationDetails) + conversation.details->episodes.octets() +
            conversation.details->recent.octets();
  if (conversation.details->icmp_errors != no_slab_index) octets += sizeof(IcmpErrors);
  if (const TcpConnection* const connection = tcp(conversation)) {
    octets += sizeof(TcpConnection) + connection->octets(x_slabs.tcp);
  }
  return octets;
}

void FlowTable::advance(std::int64_t now_ns, std::uint64_t frame) {
  const Moment now{.frame = frame, .time_ns = now_ns};
  const auto expire = [&](const ActivityList& list, std::int64_t timeout_ns) {
    while (list.oldest != no_slab_index) {
      const Conversation& oldest = x_slabs.conversations[list.oldest];
      if (elapsed_ns(oldest.activity.since_ns, now_ns) <= timeout_ns) return;
      if (elapsed_ns(oldest.end_ns, now_ns) <= timeout_ns) {
        relink(list.oldest);
        continue;
      }
      const bool is_over = &list == &list_of(Stage::over);
      if (oldest.tcp != no_slab_index && !is_over) x_slabs.connections[oldest.tcp].on_silence();
      end(list.oldest, now);
    }
  };
  const Charge charge(x_slabs.octets, x_octets);
  settle_overdue(now);
  expire(list_of(Stage::idle), x_limits.idle_timeout_ns);
  expire(list_of(Stage::over), x_limits.two_msl_ns);
  expire(list_of(Stage::attempt), x_limits.attempt_timeout_ns);
  expire(list_of(Stage::open), x_limits.open_timeout_ns);
}

void FlowTable::release(SlabIndex index) {
  const Charge charge(x_slabs.octets, x_octets);
  Conversation& conversation = x_slabs.conversations[index];
  x_ended_octets -= octets_of(conversation);
  conversation.early.clear(x_slabs.early);
  release_records(conversation);
  x_slabs.conversations.give_back(index);
}

/// What it takes to track it.
void FlowTable::release_records(Conversation& conversation) {
  if (!conversation.is_tracked()) return;
  if (conversation.tcp != no_slab_index) {
    x_slabs.connections[conversation.tcp].clear(x_slabs.tcp);
    x_slabs.connections.give_back(std::exchange(conversation.tcp, no_slab_index));
  }
  if (conversation.details->icmp_errors != no_slab_index)
    x_slabs.icmp_errors.give_back(conversation.details->icmp_errors);
  conversation.details->recent.clear(x_doubled);
  x_watcher.clear(conversation);
  x_slabs.details.give_back(x_slabs.details.index_of(*conversation.details));
  conversation.details = nullptr;
}

void FlowTable::finish(Moment last) {
  const Charge charge(x_slabs.octets, x_octets);
  x_ended.reserve(x_ended.size() + x_open);
  for (const ActivityList& list : x_lists) {
    while (list.oldest != no_slab_index) end(list.oldest, last);
  }
}

void FlowTable::enter(SlabIndex index, Stage stage) {
  unlink(index);
  x_slabs.conversations[index].stage = stage;
  link(index);
}

void FlowTable::relink(SlabIndex index) {
  unlink(index);
  link(index);
}

void FlowTable::link(SlabIndex index) {
  Conversation& conversation = x_slabs.conversations[index];
  ActivityList& list = list_of(conversation);
  conversation.activity = {
      .since_ns = conversation.end_ns, .older = list.newest, .newer = no_slab_index};
  (list.newest == no_slab_index ? list.oldest : x_slabs.conversations[list.newest].activity.newer) =
      index;
  list.newest = index;
}

void FlowTable::unlink(SlabIndex index) {
  const Conversation& conversation = x_slabs.conversations[index];
  ActivityList& list = list_of(conversation);
  const auto [since_ns, older, newer] = conversation.activity;
  (older == no_slab_index ? list.oldest : x_slabs.conversations[older].activity.newer) = newer;
  (newer == no_slab_index ? list.newest : x_slabs.conversations[newer].activity.older) = older;
}

}  // namespace tapdeck
