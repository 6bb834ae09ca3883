#include "analyzer/flow/flow_table.h"

#include <algorithm>
#include <utility>

#include "analyzer/anomalies/conversation_watch.h"
#include "analyzer/flow/client.h"
#include "analyzer/tcp/reuse.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// Connections send a SYN again after a timeout, never within the time in which copies come. An
/// SYN+ACK or an empty segment without IP ID says the same as one before it where the sender
/// repeats itself.
Repeatable repeatable_of(const Datagram& datagram) {
  if (datagram.kind != Datagram::Kind::tcp) return Repeatable::unlikely;
  if (datagram.segment.is_syn()) return Repeatable::no;
  const bool is_answer = datagram.segment.is_syn_ack();  // to each SYN that comes
  const bool says_something =
      datagram.mark.has_ip_id || (datagram.segment.seg_len() != 0 && !is_answer);
  return says_something ? Repeatable::unlikely : Repeatable::yes;
}

Stage stage_of(const TcpConnection& connection) {
  if (connection.is_over()) return Stage::over;
  return connection.is_attempt() ? Stage::attempt : Stage::open;
}

/// What a copy is to the connection goes by its flags alone.
std::uint16_t words_by_flags(const Segment& segment) {
  std::uint16_t words = 0;
  if (segment.is_syn()) words |= ConnectionWord::syn;
  if (segment.is_syn_ack()) words |= ConnectionWord::syn_ack;
  if (segment.has(TcpFlags::fin)) words |= ConnectionWord::fin;
  if (segment.has(TcpFlags::rst)) words |= ConnectionWord::reset;
  return words;
}

}  // namespace

SlabIndex FlowTable::find(const FlowKey& key, std::uint32_t hash) const {
  return x_index.find(hash,
                      [&](SlabIndex index) { return x_slabs.conversations[index].key == key; });
}

const Conversation* FlowTable::holder(const FlowKey& key, std::uint32_t hash) const {
  const SlabIndex index = find(key, hash);
  return index == no_slab_index ? nullptr : &x_slabs.conversations[index];
}

bool FlowTable::on_datagram(const Datagram& datagram, std::uint32_t hash) {
  const Charge charge(x_slabs.octets, x_octets);
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

/// One that has been over for long ends here, and holds the key no more.
SlabIndex FlowTable::find_or_end(const Datagram& datagram, std::uint32_t hash) {
  const SlabIndex index = find(datagram.key, hash);
  if (index == no_slab_index) return no_slab_index;
  const Conversation& known = x_slabs.conversations[index];
  const bool lasts = known.stage != Stage::over ||
                     elapsed_ns(known.end_ns, datagram.time_ns) <= x_limits.two_msl_ns;
  if (lasts) return index;
  end(index, moment_of(datagram));
  return no_slab_index;
}

void FlowTable::on_tcp(const Datagram& datagram, std::uint32_t hash) {
  const SlabIndex known = find_or_end(datagram, hash);
  if (known == no_slab_index) {
    make_room(moment_of(datagram));
    const SlabIndex fresh = begin(datagram, hash);
    if (keep_early(fresh, datagram)) return;
    open(fresh, datagram);
    add(fresh, datagram, Sighting::fresh);
    return;
  }
  if (!x_slabs.conversations[known].is_tracked()) {
    if (keep_early(known, datagram)) return;
    track(known);
  }
  const Sighting sighting = look_up(known, datagram);
  if (sighting != Sighting::copy) add_where_it_belongs(known, datagram, hash, sighting);
}

/// To the holder of the key, to the connection before it, or to one that begins.
void FlowTable::add_where_it_belongs(SlabIndex index, const Datagram& datagram, std::uint32_t hash,
                                     Sighting sighting) {
  const Conversation& known = x_slabs.conversations[index];
  const bool has_predecessor = known.predecessor != no_slab_index;
  switch (belongs_to(x_slabs.connections[known.tcp], known.side_of(datagram.direction),
                     datagram.segment, has_predecessor)) {
    case Belongs::here:
      add(index, datagram, sighting);
      if (has_predecessor) settle(index, datagram);
      break;
    case Belongs::predecessor:
      if (datagram.segment.has(TcpFlags::ack)) {
        const Side from = known.side_of(datagram.direction);
        x_slabs.connections[known.tcp].judge().note_syn_held(other(from));
      }
      add(known.predecessor, datagram, sighting);
      break;
    case Belongs::new_one:
      make_room(moment_of(datagram));
      if (find(datagram.key, hash) == index) {
        begin_over(index, datagram);
      } else {
        const SlabIndex fresh = begin(datagram, hash);
        open(fresh, datagram);
        add(fresh, datagram, Sighting::fresh);
      }
      break;
  }
}

void FlowTable::on_other(const Datagram& datagram, std::uint32_t hash) {
  SlabIndex index = find(datagram.key, hash);
  if (index != no_slab_index && elapsed_ns(x_slabs.conversations[index].end_ns, datagram.time_ns) >
                                    x_limits.idle_timeout_ns) {
    end(index, moment_of(datagram));
    index = no_slab_index;
  }
  if (index == no_slab_index) {
    make_room(moment_of(datagram));
    index = begin(datagram, hash);
    open(index, datagram);
  }
  const Sighting sighting = look_up(index, datagram);
  if (sighting != Sighting::copy) add(index, datagram, sighting);
}

SlabIndex FlowTable::begin(const Datagram& datagram, std::uint32_t hash) {
  const SlabIndex index = x_slabs.conversations.take();
  Conversation& fresh = x_slabs.conversations[index];
  fresh.key = datagram.key;
  fresh.hash = hash;
  fresh.first_frame = datagram.frame_number;
  fresh.end_ns = datagram.time_ns;
  fresh.client_direction =
      choose_client(datagram).sender_is_client ? datagram.direction : opposite(datagram.direction);
  fresh.stage = datagram.kind != Datagram::Kind::tcp ? Stage::idle
                : datagram.segment.is_syn()          ? Stage::attempt
                                                     : Stage::open;
  x_index.insert(hash, index);
  link(index);
  ++x_open;
  if (fresh.stage != Stage::attempt) {
    tell(ConversationNews::Kind::opened, index, moment_of(datagram));
  }
  return index;
}

/// From here on the conversation is tracked, with this datagram as its first.
void FlowTable::open(SlabIndex index, const Datagram& datagram) {
  Conversation& opened = x_slabs.conversations[index];
  const ClientChoice choice = choose_client(datagram);
  opened.details = &x_slabs.details[x_slabs.details.take()];
  opened.details->start_ns = opened.end_ns = datagram.time_ns;
  opened.details->tunnels = datagram.tunnels;
  opened.details->icmp_type = datagram.icmp_type;
  opened.details->icmp_code = datagram.icmp_code;
  opened.details->client_known_by = choice.known_by;
  opened.details->flipped = !choice.sender_is_client;
  if (datagram.kind != Datagram::Kind::tcp) return;
  opened.tcp = x_slabs.connections.take();
  if (opened.details->flipped) x_slabs.connections[opened.tcp].note_flipped();
}

/// The new connection takes the sockets over; the one before stays at hand while the new one is but
/// an attempt.
void FlowTable::begin_over(SlabIndex before, const Datagram& datagram) {
  const std::uint32_t hash = x_slabs.conversations[before].hash;
  x_index.erase(hash, before);
  Conversation& old = x_slabs.conversations[before];
  SlabIndex predecessor = before;
  if (x_slabs.connections[old.tcp].is_attempt()) {
    predecessor = std::exchange(old.predecessor, no_slab_index);
    retire(before, moment_of(datagram));
  } else {
    if (old.predecessor != no_slab_index) {
      retire(std::exchange(old.predecessor, no_slab_index), moment_of(datagram));
    }
  }
  StateVerdict opening;
  if (predecessor != no_slab_index && datagram.segment.is_syn()) {
    const Conversation& held = x_slabs.conversations[predecessor];
    opening = x_slabs.connections[held.tcp].on_reopening(held.side_of(datagram.direction),
                                                         datagram.segment, moment_of(datagram));
  }
  const SlabIndex index = begin(datagram, hash);
  open(index, datagram);
  x_slabs.conversations[index].predecessor = predecessor;
  x_watcher.on_reopening(x_slabs.conversations[before],
                         x_slabs.connections[x_slabs.conversations[before].tcp], x_slabs.tcp,
                         x_slabs.conversations[index], datagram.segment, moment_of(datagram),
                         x_slabs.conversations[before].side_of(datagram.direction));
  x_slabs.connections[x_slabs.conversations[index].tcp].begin_over(opening);
  add(index, datagram, Sighting::fresh);
  settle(index, datagram);
}

/// A copy is counted with the conversation that it belongs to, and changes nothing in it.
Sighting FlowTable::look_up(SlabIndex index, const Datagram& datagram) {
  for (SlabIndex at = index; at != no_slab_index; at = x_slabs.conversations[at].predecessor) {
    const Conversation& known = x_slabs.conversations[at];
    if (RecentPackets::forgets_after(elapsed_ns(known.end_ns, datagram.time_ns))) continue;
    if (!known.details->recent.may_hold(datagram.mark)) continue;
    const Repeatable repeatable = repeatable_of(datagram);
    const Sighting sighting =
        known.details->recent.look_up(x_doubled, datagram.mark, moment_of(datagram), repeatable);
    if (sighting == Sighting::copy) add_copy(at, datagram, repeatable);
    if (sighting != Sighting::fresh) return sighting;
  }
  return Sighting::fresh;
}

void FlowTable::add_copy(SlabIndex index, const Datagram& datagram, Repeatable repeatable) {
  Conversation& conversation = x_slabs.conversations[index];
  conversation.count(datagram);
  if (datagram.kind != Datagram::Kind::tcp) return;
  const Verdict verdict{
      .origin = Origin::duplicate,
      .origin_reason = OriginReason::captured_twice,
      .confidence = repeatable == Repeatable::no ? Confidence::medium : Confidence::high,
      .connection_words = words_by_flags(datagram.segment)};
  if (is_traced(TraceWish::verdicts)) {
    x_trace.verdicts.push_back({datagram.frame_number, conversation.first_frame, verdict});
  }
  if (is_traced(TraceWish::segments)) {
    trace_segment(conversation, conversation.side_of(datagram.direction), datagram);
  }
}

void FlowTable::add(SlabIndex index, const Datagram& datagram, Sighting sighting) {
  Conversation& conversation = x_slabs.conversations[index];
  if (sighting == Sighting::fresh) {
    conversation.details->recent.remember(x_doubled, datagram.mark, moment_of(datagram),
                                          repeatable_of(datagram));
  }
  const WayOfSide& way =
      conversation.details->ways[index_of(conversation.side_of(datagram.direction))];
  if (!is_usual(way, datagram)) {
    Findings findings = x_watcher.findings(conversation);
    look_at(conversation, datagram, findings);
  }
  conversation.count(datagram);
  if (datagram.kind == Datagram::Kind::tcp) add_segment(index, datagram);
}

void FlowTable::add_segment(SlabIndex index, const Datagram& datagram) {
  Conversation& conversation = x_slabs.conversations[index];
  const Side from = conversation.side_of(datagram.direction);
  TcpConnection& connection = x_slabs.connections[conversation.tcp];
  if (datagram.segment.is_syn() && from == Side::client &&
      conversation.details->client_known_by != ClientKnownBy::syn) {
    conversation.details->client_known_by = ClientKnownBy::syn;
  }
  const Judge::Result result = connection.on_segment(x_slabs.tcp, from, datagram.segment,
                                                     moment_of(datagram), datagram.bad_checksum);
  x_watcher.on_segment(
      conversation, connection, x_slabs.tcp,
      {.segment = datagram.segment, .from = from, .moment = moment_of(datagram), .result = result});
  if (datagram.segment.has(TcpFlags::rst | TcpFlags::fin)) {
    x_watcher.across_flows().on_closing(conversation, from, datagram.segment.flags,
                                        moment_of(datagram));
  }
  if (conversation.awaits_damage_report()) {
    Findings findings = x_watcher.findings(conversation);
    look_at_damage(conversation, datagram, findings);
  }
  if (is_traced(TraceWish::segments)) trace_segment(conversation, from, datagram);
  if (!x_slabs.tcp.settled.empty()) take_settled(conversation);
  if (result.predicted) {
    if (is_traced(TraceWish::verdicts)) trace_predicted(conversation, datagram, result);
    return;
  }
  if (connection.judge().has_pending() && !conversation.unsettled) {
    conversation.unsettled = true;
    x_unsettled.push_back({connection.judge().due(x_slabs.tcp), index});
  }
  if (!conversation.early.empty()) return;  // it entered its stage when they came
  const Stage stage = stage_of(connection);
  const Stage before = conversation.stage;
  if (before == stage) return;
  if (stage == Stage::over) {
    connection.judge().note_over(x_slabs.tcp);
    tell(ConversationNews::Kind::closed, index, moment_of(datagram));
  } else if (before == Stage::attempt) {
    tell(ConversationNews::Kind::opened, index, moment_of(datagram));
  }
  enter(index, stage);
}

void FlowTable::tell(ConversationNews::Kind kind, SlabIndex index, Moment moment) {
  if (x_tells_news) x_news.push_back({.kind = kind, .index = index, .moment = moment});
}

/// Once an attempt is accepted, the connection before it is history: for its opener since the SYN,
/// for the peer now. A refused or forged SYN leaves it alone.
void FlowTable::settle(SlabIndex index, const Datagram& datagram) {
  Conversation& conversation = x_slabs.conversations[index];
  if (conversation.predecessor == no_slab_index) return;
  const TcpConnection& connection = x_slabs.connections[conversation.tcp];
  if (!connection.states().of(Side::server).sent_syn) return;
  const SlabIndex before = std::exchange(conversation.predecessor, no_slab_index);
  Conversation& old = x_slabs.conversations[before];
  x_slabs.connections[old.tcp].on_superseded(x_slabs.tcp, moment_of(datagram));
  enter(before, Stage::over);
  retire(before, moment_of(datagram));
}

namespace {

bool says_the_same(const IcmpErrors::Entry& one, const IcmpErrors::Entry& other) {
  return one.direction == other.direction && one.place == other.place &&
         one.notice.version == other.notice.version && one.notice.type == other.notice.type &&
         one.notice.code == other.notice.code && one.notice.mtu == other.notice.mtu;
}

void keep(IcmpErrors& errors, const IcmpErrors::Entry& error) {
  if (errors.count < IcmpErrors::bound) {
    errors.entries[errors.count] = error;
  } else {
    for (IcmpErrors::Entry& known : errors.entries) {
      if (!says_the_same(known, error)) continue;
      ++known.more;
      known.last = {.frame = error.frame, .time_ns = error.time_ns};
      break;
    }
  }
  ++errors.count;
}

}  // namespace

void FlowTable::add_icmp_error(SlabIndex index, const Datagram& datagram) {
  Conversation& conversation = x_slabs.conversations[index];
  if (!conversation.is_tracked()) track(index);
  const Moment moment = moment_of(datagram);
  const Sighting sighting =
      conversation.details->recent.look_up(x_doubled, datagram.mark, moment, Repeatable::no);
  if (sighting != Sighting::fresh) return;
  conversation.details->recent.remember(x_doubled, datagram.mark, moment, Repeatable::no);
  if (conversation.details->icmp_errors == no_slab_index)
    conversation.details->icmp_errors = x_slabs.icmp_errors.take();
  IcmpErrors& errors = x_slabs.icmp_errors[conversation.details->icmp_errors];
  const Side side = conversation.side_of(datagram.direction);
  const TcpConnection* const connection = tcp(conversation);
  keep(errors, {.frame = datagram.frame_number,
                .time_ns = datagram.time_ns,
                .notice = datagram.notice,
                .direction = datagram.direction,
                .place = connection == nullptr
                             ? QuotedPlace::unknown
                             : place_of_quote(connection->endpoint(side).send, datagram.notice),
                .last = {}});
}

std::vector<EndedConversation> FlowTable::take_ended() { return std::exchange(x_ended, {}); }

const TcpConnection* FlowTable::tcp(const Conversation& conversation) const {
  return conversation.tcp == no_slab_index ? nullptr : &x_slabs.connections[conversation.tcp];
}

std::uint64_t FlowTable::details_dropped(const Conversation& conversation) const {
  const TcpConnection* connection = tcp(conversation);
  return (connection == nullptr ? 0 : connection->details_dropped(x_slabs.tcp)) +
         (conversation.details->vlans_dropped ? 1 : 0) + conversation.details->episodes.dropped();
}

const IcmpErrors* FlowTable::icmp_errors(const Conversation& conversation) const {
  return conversation.details->icmp_errors == no_slab_index
             ? nullptr
             : &x_slabs.icmp_errors[conversation.details->icmp_errors];
}

}  // namespace tapdeck
