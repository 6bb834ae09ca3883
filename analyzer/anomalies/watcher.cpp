#include "analyzer/anomalies/watcher.h"

#include <algorithm>

#include "analyzer/anomalies/family.h"
#include "analyzer/anomalies/pace.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// New bytes in their order, or an ACK that advances: nothing that a detector would look at.
bool is_plain(const Verdict& verdict) {
  constexpr std::uint16_t plain_words = ConnectionWord::handshake_complete;
  return verdict.origin == Origin::first &&
         (verdict.ack == AckVerdict::none || verdict.ack == AckVerdict::advances) &&
         verdict.window == WindowVerdict::none && verdict.acceptance == Acceptance::acceptable &&
         !verdict.not_captured && (verdict.connection_words & ~plain_words) == 0;
}

}  // namespace

ConnectionFacts Watcher::facts(Conversation& conversation, const TcpConnection& connection,
                               const TcpSlabs& slabs) {
  ConnectionWatch& watch =
      conversation.watch == no_slab_index ? x_unwatched : x_watches[conversation.watch];
  return {.conversation = conversation, .connection = connection, .slabs = slabs, .watch = watch};
}

bool Watcher::is_ordinary(const SegmentInPassing& passing) {
  constexpr std::uint8_t ordinary_flags = TcpFlags::ack | TcpFlags::psh;
  constexpr std::uint8_t congestion_experienced = 3;
  const Segment& segment = passing.segment;
  return (segment.flags & ~ordinary_flags) == 0 && segment.has(TcpFlags::ack) &&
         segment.window_field != 0 && segment.options.sack_block_count == 0 &&
         segment.urgent_pointer == 0 &&
         (segment.traffic_class & congestion_experienced) != congestion_experienced &&
         passing.states_before[0] == TcpState::established &&
         passing.states_before[1] == TcpState::established;
}

void Watcher::on_segment(Conversation& conversation, const TcpConnection& connection,
                         const TcpSlabs& slabs, const SegmentInPassing& passing) {
  if (conversation.watch == no_slab_index) {
    const bool first_syn = passing.segment.flags == TcpFlags::syn &&
                           passing.segment.payload_octets == 0 &&
                           passing.moment.frame == conversation.first_frame;
    if (first_syn) return;
    conversation.watch = x_watches.take();
    x_watches[conversation.watch].last_ns = conversation.start_ns;
  }
  ConnectionWatch& watch = x_watches[conversation.watch];
  const std::int64_t silence_ns = elapsed_ns(watch.last_ns, passing.moment.time_ns);
  watch.longest_of_two_ns = std::max(watch.silence_ns, silence_ns);
  watch.silence_ns = silence_ns;
  watch.last_ns = passing.moment.time_ns;
  const SegmentFacts at_hand{facts(conversation, connection, slabs), passing};
  const bool odd = keep_pace(at_hand);
  if (!odd && !watch.alert && is_ordinary(passing)) return;
  watch.alert = false;  // who still waits says so again
  Findings found = findings(conversation);
  for (const AnomalyFamily* family : anomaly_families()) {
    if (family->on_segment != nullptr) family->on_segment(at_hand, found);
  }
}

void Watcher::on_settled(Conversation& conversation, const TcpConnection& connection,
                         const TcpSlabs& slabs) {
  for (const JudgedSegment& judged : slabs.settled) {
    if (is_plain(judged.verdict)) continue;
    if (conversation.watch == no_slab_index) {
      if (judged.verdict.connection_words == ConnectionWord::syn) continue;  // the first of many
      conversation.watch = x_watches.take();
      x_watches[conversation.watch].last_ns = conversation.start_ns;
    }
    const VerdictFacts at_hand{facts(conversation, connection, slabs), judged};
    Findings found = findings(conversation);
    for (const AnomalyFamily* family : anomaly_families()) {
      if (family->on_verdict != nullptr) family->on_verdict(at_hand, found);
    }
  }
}

void Watcher::on_reopening(Conversation& before, const TcpConnection& connection,
                           const TcpSlabs& slabs, Conversation& fresh, const Segment& segment,
                           Moment moment, Side from) {
  const ReopeningFacts at_hand{facts(before, connection, slabs), segment, from, moment};
  Findings found = findings(fresh);
  for (const AnomalyFamily* family : anomaly_families()) {
    if (family->on_reopening != nullptr) family->on_reopening(at_hand, found);
  }
}

void Watcher::on_end(Conversation& conversation, const TcpConnection* connection,
                     const TcpSlabs& slabs, Moment end) {
  x_across_flows.on_end(conversation, connection);
  if (connection == nullptr) return;
  const EndFacts at_hand{facts(conversation, *connection, slabs), end};
  Findings found = findings(conversation);
  for (const AnomalyFamily* family : anomaly_families()) {
    if (family->on_end != nullptr) family->on_end(at_hand, found);
  }
  release(conversation);
}

void Watcher::release(Conversation& conversation) {
  if (conversation.watch == no_slab_index) return;
  x_watches.give_back(conversation.watch);
  conversation.watch = no_slab_index;
}

void Watcher::clear(Conversation& conversation) {
  conversation.episodes.clear(x_episodes);
  release(conversation);
}

}  // namespace tapdeck
