// Who ends when: conversations in the order of their last activity, each kind in a list of its own.
#include "analyzer/flow/flow_table.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

bool was_active_since(const Conversation& conversation) {
  return conversation.end_ns > conversation.activity.since_ns;
}

}  // namespace

void FlowTable::make_room(Moment moment) {
  if (x_open < x_limits.open_conversations) return;
  for (const ActivityList* list : {&x_over_tcp, &x_others, &x_open_tcp}) {
    if (list->oldest == no_slab_index) continue;
    while (was_active_since(x_slabs.conversations[list->oldest])) relink(list->oldest);
    ++x_shed;
    end(list->oldest, moment);
    return;
  }
}

void FlowTable::advance(std::int64_t now_ns, std::uint64_t frame) {
  const Moment now{.frame = frame, .time_ns = now_ns};
  const auto expire = [&](const ActivityList& list, std::int64_t timeout_ns) {
    while (list.oldest != no_slab_index) {
      const Conversation& oldest = x_slabs.conversations[list.oldest];
      if (elapsed_ns(oldest.activity.since_ns, now_ns) <= timeout_ns) return;
      if (elapsed_ns(oldest.end_ns, now_ns) > timeout_ns) {
        end(list.oldest, now);
      } else {
        relink(list.oldest);
      }
    }
  };
  settle_overdue(now);
  expire(x_others, x_limits.idle_timeout_ns);
  expire(x_over_tcp, x_limits.two_msl_ns);
}

void FlowTable::finish(Moment last) {
  for (const ActivityList* list : {&x_others, &x_over_tcp, &x_open_tcp}) {
    while (list->oldest != no_slab_index) end(list->oldest, last);
  }
}

FlowTable::ActivityList& FlowTable::list_of(const Conversation& conversation) {
  if (conversation.tcp == no_slab_index) return x_others;
  return conversation.is_over ? x_over_tcp : x_open_tcp;
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
