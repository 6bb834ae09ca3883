#include "analyzer/anomalies/watcher.h"

#include <algorithm>
#include <utility>

#include "analyzer/anomalies/capture_watch.h"
#include "analyzer/anomalies/family.h"
#include "analyzer/anomalies/pace.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// New bytes in their order, an ACK that advances, an end of the connection that opens or closes:
/// nothing that a detector would look at.
bool is_plain(const Verdict& verdict) {
  constexpr std::uint16_t telling_words =
      ConnectionWord::half_open | ConnectionWord::simultaneous_open;
  return verdict.origin == Origin::first &&
         (verdict.ack == AckVerdict::none || verdict.ack == AckVerdict::advances) &&
         verdict.window == WindowVerdict::none && verdict.acceptance == Acceptance::acceptable &&
         !verdict.not_captured && (verdict.connection_words & telling_words) == 0;
}

bool is_closing(TcpState state) {
  return state == TcpState::closed || (state > TcpState::established && state != TcpState::unknown);
}

constexpr std::uint8_t congestion_experienced = 3;

/// As most segments: data or an ACK that advances, in an open connection. It shows no sign.
bool is_plain(const SegmentFacts& facts) {
  constexpr std::uint8_t open_flags = TcpFlags::ack | TcpFlags::psh;
  constexpr std::array both_open{TcpState::established, TcpState::established};
  const Segment& segment = facts.segment;
  if (segment.urgent_pointer != 0 ||
      (segment.traffic_class & congestion_experienced) == congestion_experienced) {
    return false;
  }
  if (facts.result.predicted) return true;
  const SendSpace& acknowledged = facts.sent_by(other(facts.from));
  return (segment.flags | TcpFlags::psh) == open_flags && facts.result.states_before == both_open &&
         segment.options.sack_block_count == 0 &&
         (segment.options.has_timestamps || !facts.watch->timestamps) &&
         (facts.result.acknowledged.advances ||
          (segment.payload_octets != 0 && segment.seg_ack == acknowledged.snd_una()));
}

/// The bits of Sign that it shows. Whether a detector waits isn't the segment's.
std::uint16_t signs_of(const SegmentFacts& passing) {
  constexpr std::uint8_t ends = TcpFlags::syn | TcpFlags::fin | TcpFlags::rst;
  const Segment& segment = passing.segment;
  const bool has_sack = segment.options.sack_block_count != 0;
  const SendSpace& acknowledged = passing.sent_by(other(passing.from));
  std::uint16_t signs = 0;
  const auto add = [&](bool shows, std::uint16_t sign) { signs |= shows ? sign : 0; };
  add(segment.has(TcpFlags::syn), Sign::syn);
  add(segment.has(TcpFlags::fin), Sign::fin);
  add(segment.has(TcpFlags::rst), Sign::reset);
  add(!segment.has(TcpFlags::ack), Sign::no_ack);
  add(segment.has(TcpFlags::urg) || segment.urgent_pointer != 0, Sign::urgent);
  add(has_sack, Sign::sack);
  add(segment.has(TcpFlags::ece), Sign::ecn_echo);
  add((segment.traffic_class & congestion_experienced) == congestion_experienced, Sign::congestion);
  add(passing.watch->timestamps && !segment.options.has_timestamps, Sign::no_timestamps);
  add(segment.payload_octets == 0 && !passing.result.acknowledged.advances && !has_sack &&
          !segment.has(ends),
      Sign::empty);
  add(acknowledged.has_snd_una() && precedes(segment.seg_ack, acknowledged.snd_una()),
      Sign::old_ack);
  add(is_closing(passing.before(Side::client)) || is_closing(passing.before(Side::server)) ||
          passing.machine(Side::client).sent_fin || passing.machine(Side::server).sent_fin ||
          passing.watch->of(other(passing.from)).sent_reset,
      Sign::closing);
  return signs;
}

}  // namespace

ConnectionFacts Watcher::facts(Conversation& conversation, const TcpConnection& connection,
                               const TcpSlabs& slabs) {
  ConnectionWatch& watch = conversation.details->watch == no_slab_index
                               ? x_unwatched
                               : x_watches[conversation.details->watch];
  return {.conversation = conversation,
          .connection = connection,
          .slabs = slabs,
          .watch = {x_watches, watch}};
}

/// Data was under way when the silence began, and an ACK that is no question ends it: its sender's
/// timer would have fired long before, were it as long as the capture's clock says.
void Watcher::note_leap(const SegmentFacts& facts) {
  constexpr std::int64_t many_round_trips = 8;
  const Transfer* const transfer = facts.transfer(other(facts.from));
  const std::int64_t silence_ns = facts.watch->silence_ns();
  const bool timer_runs = transfer != nullptr && transfer->recovery.timeouts_in_row() == 0;
  const SendSpace::Acknowledged& acknowledged = facts.result.acknowledged;
  const bool answers = acknowledged.advances && !acknowledged.beyond_sent &&
                       acknowledged.gaps == 0 && facts.segment.seg_len() == 0 &&
                       !facts.segment.has(TcpFlags::rst) &&
                       facts.segment.seg_seq == facts.sent_by(facts.from).snd_nxt();
  if (!timer_runs || !answers || silence_ns / many_round_trips < facts.round_trip_ns()) {
    return;
  }
  x_across_flows.on_leap({.after = facts.moment, .before_ns = facts.watch->before_ns});
}

void Watcher::open(Conversation& conversation) {
  conversation.details->watch = x_watches.take();
  ConnectionWatch& watch = x_watches[conversation.details->watch];
  watch.last_ns = watch.before_ns = conversation.details->start_ns;
}

void Watcher::on_segment(Conversation& conversation, const TcpConnection& connection,
                         const TcpSlabs& slabs, const SegmentInPassing& passing) {
  if (conversation.details->watch == no_slab_index) {
    const bool first_syn =
        passing.segment.flags == TcpFlags::syn && passing.segment.payload_octets == 0 &&
        passing.segment.urgent_pointer == 0 &&
        (passing.segment.traffic_class & congestion_experienced) != congestion_experienced &&
        passing.moment.frame == conversation.first_frame;
    if (first_syn) return;
    open(conversation);
  }
  ConnectionWatch& watch = x_watches[conversation.details->watch];
  SegmentFacts at_hand{facts(conversation, connection, slabs), passing};
  const std::int64_t second_last_ns = watch.before_ns;
  watch.before_ns = std::exchange(watch.last_ns, passing.moment.time_ns);
  const bool awaited_ack = watch.of(other(passing.from)).waiting;
  keep_pace(at_hand);
  if (awaited_ack && watch.silence_ns() >= ClockWatch::leap_ns) note_leap(at_hand);
  if (is_plain(at_hand) && !watch.alert) {
    watch.empty_run = false;
    return;
  }
  at_hand.longest_of_two_ns =
      std::max(elapsed_ns(second_last_ns, watch.before_ns), watch.silence_ns());
  if (passing.segment.has(TcpFlags::syn)) {
    const auto agreed = connection.handshake().agreed();
    watch.timestamps = agreed && agreed->timestamps;
  }
  at_hand.signs = signs_of(at_hand);
  if ((at_hand.signs & Sign::empty) == 0) watch.empty_run = false;
  if (watch.alert) at_hand.signs |= Sign::awaited;
  watch.alert = false;  // who still waits says so again
  Findings found = findings(conversation);
  for (const AnomalyFamily* family : anomaly_families()) {
    if ((family->signs & at_hand.signs) != 0) family->on_segment(at_hand, found);
  }
}

void Watcher::on_settled(Conversation& conversation, const TcpConnection& connection,
                         const TcpSlabs& slabs) {
  for (const JudgedSegment& judged : slabs.settled) {
    if (is_plain(judged.verdict)) continue;
    if (conversation.details->watch == no_slab_index) open(conversation);
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
  Findings found = findings(conversation);
  if (connection != nullptr)
    find_at_end(EndFacts{facts(conversation, *connection, slabs), end}, found);
  release(conversation);
}

void Watcher::find_at_end(const EndFacts& at_hand, Findings& found) {
  for (const AnomalyFamily* family : anomaly_families()) {
    for (const Side side : {Side::client, Side::server}) {
      if (family->on_end_of_side != nullptr) family->on_end_of_side(at_hand, found, side);
    }
    if (family->on_end != nullptr) family->on_end(at_hand, found);
  }
}

void Watcher::release(Conversation& conversation) {
  if (conversation.details->watch == no_slab_index) return;
  x_watches.give_back(conversation.details->watch);
  conversation.details->watch = no_slab_index;
}

void Watcher::clear(Conversation& conversation) {
  conversation.details->episodes.clear(x_episodes);
  release(conversation);
}

}  // namespace tapdeck
