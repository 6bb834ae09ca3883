#include "analyzer/flow/flow_table.h"

#include <algorithm>
#include <span>
#include <utility>

#include "analyzer/flow/client.h"
#include "analyzer/tcp/reuse.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

bool was_active_since(const Conversation& conversation) {
  return conversation.end_ns > conversation.activity.since_ns;
}

}  // namespace

SlabIndex FlowTable::find(const FlowKey& key, std::uint32_t hash) const {
  return x_index.find(hash, [&](SlabIndex index) { return x_conversations[index].key == key; });
}

bool FlowTable::on_datagram(const Datagram& datagram, std::uint32_t hash) {
  switch (datagram.kind) {
    case Datagram::Kind::tcp:
      on_tcp(datagram, hash);
      return true;
    case Datagram::Kind::other:
      on_other(datagram, hash);
      return true;
    case Datagram::Kind::icmp_error: {
      const SlabIndex index = find(datagram.key, hash);
      if (index != no_slab_index) add_icmp_error(index, datagram);
      return index != no_slab_index;
    }
  }
  return false;
}

void FlowTable::on_tcp(const Datagram& datagram, std::uint32_t hash) {
  SlabIndex index = find(datagram.key, hash);
  if (index != no_slab_index) {
    const Conversation& known = x_conversations[index];
    if (known.is_over && elapsed_ns(known.end_ns, datagram.time_ns) > x_limits.two_msl_ns) {
      end(index, datagram.frame_number);
      index = no_slab_index;
    }
  }
  if (index == no_slab_index) {
    make_room(datagram.frame_number);
    add(begin(datagram, hash), datagram);
    return;
  }
  const Conversation& known = x_conversations[index];
  const bool has_predecessor = known.predecessor != no_slab_index;
  switch (belongs_to(x_connections[known.tcp], known.side_of(datagram.direction), datagram.segment,
                     has_predecessor)) {
    case Belongs::here:
      add(index, datagram);
      settle(index, datagram);
      break;
    case Belongs::predecessor:
      add(known.predecessor, datagram);
      break;
    case Belongs::new_one:
      begin_over(index, datagram);
      break;
  }
}

void FlowTable::on_other(const Datagram& datagram, std::uint32_t hash) {
  SlabIndex index = find(datagram.key, hash);
  if (index != no_slab_index &&
      elapsed_ns(x_conversations[index].end_ns, datagram.time_ns) > x_limits.idle_timeout_ns) {
    end(index, datagram.frame_number);
    index = no_slab_index;
  }
  if (index == no_slab_index) {
    make_room(datagram.frame_number);
    index = begin(datagram, hash);
  }
  add(index, datagram);
}

SlabIndex FlowTable::begin(const Datagram& datagram, std::uint32_t hash) {
  const SlabIndex index = x_conversations.take();
  Conversation& fresh = x_conversations[index];
  fresh.key = datagram.key;
  fresh.hash = hash;
  fresh.first_frame = datagram.frame_number;
  fresh.start_ns = fresh.end_ns = datagram.time_ns;
  fresh.tunnels = datagram.tunnels;
  fresh.icmp_type = datagram.icmp_type;
  fresh.icmp_code = datagram.icmp_code;
  const ClientChoice choice = choose_client(datagram);
  fresh.client_known_by = choice.known_by;
  fresh.flipped = !choice.sender_is_client;
  fresh.client_direction =
      choice.sender_is_client ? datagram.direction : opposite(datagram.direction);
  if (datagram.kind == Datagram::Kind::tcp) {
    fresh.tcp = x_connections.take();
    if (fresh.flipped) x_connections[fresh.tcp].note_flipped();
  }
  x_index.insert(hash, index);
  link(index);
  ++x_open;
  return index;
}

/// The new connection takes the sockets over; the one before stays at hand while the new one is but
/// an attempt.
void FlowTable::begin_over(SlabIndex before, const Datagram& datagram) {
  const std::uint32_t hash = x_conversations[before].hash;
  x_index.erase(hash, before);
  Conversation& old = x_conversations[before];
  SlabIndex predecessor = before;
  if (x_connections[old.tcp].is_attempt()) {
    predecessor = std::exchange(old.predecessor, no_slab_index);
    retire(before, datagram.frame_number);
  } else {
    if (old.predecessor != no_slab_index) {
      retire(std::exchange(old.predecessor, no_slab_index), datagram.frame_number);
    }
  }
  const SlabIndex index = begin(datagram, hash);
  x_conversations[index].predecessor = predecessor;
  add(index, datagram);
  settle(index, datagram);
}

void FlowTable::add(SlabIndex index, const Datagram& datagram) {
  Conversation& conversation = x_conversations[index];
  Traffic& traffic = conversation.sent_by(conversation.side_of(datagram.direction));
  traffic.packets += datagram.frames;
  traffic.frame_octets += datagram.frame_octets;
  traffic.payload_octets += datagram.payload_octets;
  conversation.last_frame = datagram.frame_number;
  conversation.start_ns = std::min(conversation.start_ns, datagram.time_ns);
  conversation.end_ns = std::max(conversation.end_ns, datagram.time_ns);
  for (const std::uint16_t vlan : std::span(datagram.vlans).first(datagram.vlan_count)) {
    const auto seen = std::span(conversation.vlans).first(conversation.vlan_count);
    if (std::ranges::find(seen, vlan) != seen.end()) continue;
    if (conversation.vlan_count < conversation.vlans.size()) {
      conversation.vlans[conversation.vlan_count++] = vlan;
    } else {
      conversation.vlans_dropped = true;
    }
  }
  if (datagram.kind == Datagram::Kind::tcp) add_segment(index, datagram);
}

void FlowTable::add_segment(SlabIndex index, const Datagram& datagram) {
  Conversation& conversation = x_conversations[index];
  const Side from = conversation.side_of(datagram.direction);
  TcpConnection& connection = x_connections[conversation.tcp];
  if (datagram.segment.is_syn() && from == Side::client &&
      conversation.client_known_by != ClientKnownBy::syn) {
    conversation.client_known_by = ClientKnownBy::syn;
  }
  connection.on_segment(x_tcp_slabs, from, datagram.segment,
                        {datagram.frame_number, datagram.time_ns}, datagram.bad_checksum);
  if (conversation.is_over == connection.is_over()) return;
  unlink(index);
  conversation.is_over = connection.is_over();
  link(index);
}

/// Once an attempt is accepted, the connection before it is history: for its opener since the SYN,
/// for the peer now. A refused or forged SYN leaves it alone.
void FlowTable::settle(SlabIndex index, const Datagram& datagram) {
  Conversation& conversation = x_conversations[index];
  if (conversation.predecessor == no_slab_index) return;
  const TcpConnection& connection = x_connections[conversation.tcp];
  if (!connection.endpoint(Side::server).sent_syn) return;
  const SlabIndex before = std::exchange(conversation.predecessor, no_slab_index);
  Conversation& old = x_conversations[before];
  unlink(before);
  x_connections[old.tcp].on_superseded(x_tcp_slabs, {datagram.frame_number, datagram.time_ns});
  old.is_over = true;
  link(before);
  retire(before, datagram.frame_number);
}

void FlowTable::add_icmp_error(SlabIndex index, const Datagram& datagram) {
  Conversation& conversation = x_conversations[index];
  if (conversation.icmp_errors == no_slab_index) conversation.icmp_errors = x_icmp_errors.take();
  IcmpErrors& errors = x_icmp_errors[conversation.icmp_errors];
  if (errors.count < IcmpErrors::bound) {
    errors.entries[errors.count] = {datagram.frame_number, datagram.time_ns, datagram.notice};
  }
  ++errors.count;
}

/// A conversation that holds its sockets takes the one it would replace with it; that one alone
/// leaves the attempt where it is.
void FlowTable::end(SlabIndex index, std::uint64_t frame) {
  Conversation& conversation = x_conversations[index];
  const SlabIndex holder = find(conversation.key, conversation.hash);
  if (holder != index) {
    x_conversations[holder].predecessor = no_slab_index;
  } else {
    x_index.erase(conversation.hash, index);
    if (conversation.predecessor != no_slab_index) {
      retire(std::exchange(conversation.predecessor, no_slab_index), frame);
    }
  }
  retire(index, frame);
}

/// Requires: the index doesn't name it any more.
void FlowTable::retire(SlabIndex index, std::uint64_t frame) {
  Conversation& conversation = x_conversations[index];
  unlink(index);
  conversation.ended_frame = frame;
  x_ended.push_back({frame, conversation.first_frame, index});
  --x_open;
}

void FlowTable::make_room(std::uint64_t frame) {
  if (x_open < x_limits.open_conversations) return;
  for (const ActivityList* list : {&x_over_tcp, &x_others, &x_open_tcp}) {
    if (list->oldest == no_slab_index) continue;
    while (was_active_since(x_conversations[list->oldest])) relink(list->oldest);
    ++x_shed;
    end(list->oldest, frame);
    return;
  }
}

void FlowTable::advance(std::int64_t now_ns, std::uint64_t frame) {
  const auto expire = [&](const ActivityList& list, std::int64_t timeout_ns) {
    while (list.oldest != no_slab_index) {
      const Conversation& oldest = x_conversations[list.oldest];
      if (elapsed_ns(oldest.activity.since_ns, now_ns) <= timeout_ns) return;
      if (elapsed_ns(oldest.end_ns, now_ns) > timeout_ns) {
        end(list.oldest, frame);
      } else {
        relink(list.oldest);
      }
    }
  };
  expire(x_others, x_limits.idle_timeout_ns);
  expire(x_over_tcp, x_limits.two_msl_ns);
}

void FlowTable::finish(std::uint64_t frame) {
  for (const ActivityList* list : {&x_others, &x_over_tcp, &x_open_tcp}) {
    while (list->oldest != no_slab_index) end(list->oldest, frame);
  }
}

std::vector<EndedConversation> FlowTable::take_ended() { return std::exchange(x_ended, {}); }

void FlowTable::release(SlabIndex index) {
  Conversation& conversation = x_conversations[index];
  if (conversation.tcp != no_slab_index) {
    x_connections[conversation.tcp].clear(x_tcp_slabs);
    x_connections.give_back(conversation.tcp);
  }
  if (conversation.icmp_errors != no_slab_index) x_icmp_errors.give_back(conversation.icmp_errors);
  x_conversations.give_back(index);
}

const TcpConnection* FlowTable::tcp(const Conversation& conversation) const {
  return conversation.tcp == no_slab_index ? nullptr : &x_connections[conversation.tcp];
}

std::uint64_t FlowTable::details_dropped(const Conversation& conversation) const {
  const TcpConnection* connection = tcp(conversation);
  return (connection == nullptr ? 0 : connection->details_dropped()) +
         (conversation.vlans_dropped ? 1 : 0);
}

const IcmpErrors* FlowTable::icmp_errors(const Conversation& conversation) const {
  return conversation.icmp_errors == no_slab_index ? nullptr
                                                   : &x_icmp_errors[conversation.icmp_errors];
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
  Conversation& conversation = x_conversations[index];
  ActivityList& list = list_of(conversation);
  conversation.activity = {
      .since_ns = conversation.end_ns, .older = list.newest, .newer = no_slab_index};
  (list.newest == no_slab_index ? list.oldest : x_conversations[list.newest].activity.newer) =
      index;
  list.newest = index;
}

void FlowTable::unlink(SlabIndex index) {
  const Conversation& conversation = x_conversations[index];
  ActivityList& list = list_of(conversation);
  const auto [since_ns, older, newer] = conversation.activity;
  (older == no_slab_index ? list.oldest : x_conversations[older].activity.newer) = newer;
  (newer == no_slab_index ? list.newest : x_conversations[newer].activity.older) = older;
}

}  // namespace tapdeck
