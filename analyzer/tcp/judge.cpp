#include "analyzer/tcp/judge.h"

#include "analyzer/tcp/empty_segments.h"
#include "analyzer/tcp/sent_records.h"
#include "analyzer/tcp/syn_origin.h"
#include "analyzer/tcp/window_use.h"

namespace tapdeck {
namespace {

template <class Slab>
void give_back(Slab& slab, SlabIndex& index) {
  if (index == no_slab_index) return;
  slab.give_back(index);
  index = no_slab_index;
}

bool is_counted(const Verdict& verdict) {
  return verdict.origin != Origin::first || verdict.spurious || verdict.lost_upstream ||
         verdict.lost_downstream || verdict.ack == AckVerdict::duplicate_ack ||
         verdict.window == WindowVerdict::zero_window;
}

/// Whether the segment's FIN alone has acknowledged its peer's: until it comes the peer is in
/// FIN-WAIT-1.
void note_fin(const Case& at_hand, Transfer& own, bool acknowledges) {
  const EndpointMachine& peer = at_hand.states.of(other(at_hand.from));
  if (!at_hand.states.of(at_hand.from).sent_fin) return;
  const bool by_fin = at_hand.segment.has(TcpFlags::fin);
  own.fin_acks_fin = by_fin && peer.fin_acknowledged && (own.fin_acks_fin || acknowledges);
}

}  // namespace

void Judge::open_transfers(const Case& at_hand) {
  TcpSlabs& slabs = at_hand.slabs;
  x_transfers = slabs.transfers.take();
  for (const Side side : {Side::client, Side::server}) {
    const SynMark& syn = x_syns[index_of(side)];
    if (syn.frame == 0) continue;
    Transfer& opened = transfer(slabs, side);
    opened.ip_ids.on_sent(syn.ip_id, syn.time_ns);
    opened.flow_label.on_sent(syn.flow_label, syn.time_ns, true);
    opened.recovery.on_sent(syn.time_ns, true);
    opened.sent_syn_ack = syn.has_ack;
    opened.sent.insert(slabs.sent, {.begin = syn.iss,
                                    .end = syn.end,
                                    .first_ns = syn.time_ns,
                                    .last_ns = syn.time_ns,
                                    .frame = syn.frame,
                                    .first_timestamp = syn.timestamp,
                                    .last_timestamp = syn.timestamp,
                                    .first_ip_id = syn.ip_id,
                                    .last_ip_id = syn.ip_id,
                                    .fingerprint = syn.fingerprint,
                                    .pushed = true});
    opened.ip_ids.set_counter(syn.ip_id_counter);
    if (syn.has_ack) {  // its window is never scaled (RFC 7323 §2.2)
      transfer(slabs, other(side)).window = {.known = true,
                                             .of_syn = true,
                                             .scaled = true,
                                             .field = syn.window,
                                             .ack = syn.ack,
                                             .right_edge = syn.ack + syn.window};
    }
  }
  if (const auto ns = at_hand.handshake.server_rtt_ns()) {
    transfer(slabs, Side::client).round_trip.add(slabs.round_trips, *ns);
  }
}

Judge::Result Judge::on_segment(const Case& at_hand, Verdict verdict) {
  const Segment& segment = at_hand.segment;
  if (x_transfers == no_slab_index && !segment.has(TcpFlags::rst)) {
    const bool first_syns = segment.has(TcpFlags::syn) && !at_hand.own_space().has_iss() &&
                            !is_late_syn(segment, x_reopened);
    if (!first_syns) open_transfers(at_hand);
  }
  Result result;
  if (x_transfers == no_slab_index || segment.has(TcpFlags::rst) || at_hand.refused) {
    judge_without_history(at_hand, verdict, result);
    return result;
  }
  settle_overdue(at_hand.slabs, at_hand.moment);
  Hearing hearing{.at_hand = at_hand,
                  .own = transfer(at_hand.slabs, at_hand.from),
                  .peers = transfer(at_hand.slabs, other(at_hand.from)),
                  .judged = {.frame = at_hand.moment.frame,
                             .time_ns = at_hand.moment.time_ns,
                             .from = at_hand.from,
                             .begin = segment.seg_seq,
                             .end = segment.seg_seq + segment.seg_len(),
                             .payload_octets = segment.payload_octets,
                             .verdict = verdict},
                  .pending = {}};
  judge_bytes(hearing, result);
  if (hearing.judged.verdict.origin != Origin::duplicate) {
    if (segment.has(TcpFlags::ack)) judge_acknowledgment(hearing, result);
    judge_window(hearing);
    note_fin(at_hand, hearing.own, result.acknowledged.advances);
    hearing.own.flow_label.on_sent(segment.flow_label, at_hand.moment.time_ns,
                                   segment.has(TcpFlags::syn));
  } else {
    hearing.judged.verdict.ack = AckVerdict::none;
  }
  const bool copied_ack =
      hearing.judged.verdict.origin == Origin::duplicate && segment.seg_len() == 0;
  if (hearing.judged.verdict.origin != Origin::first && !copied_ack) {
    note_drawing(at_hand, hearing.own);
  }
  note_marks(at_hand, hearing.own, hearing.before);
  hearing.peers.reset_elsewhere = false;
  finish(hearing);
  return result;
}

/// The first SYNs, resets, and what its receiver refuses: nothing to compare them with.
void Judge::judge_without_history(const Case& at_hand, const Verdict& verdict, Result& result) {
  const Segment& segment = at_hand.segment;
  JudgedSegment judged{.frame = at_hand.moment.frame,
                       .time_ns = at_hand.moment.time_ns,
                       .from = at_hand.from,
                       .begin = segment.seg_seq,
                       .end = segment.seg_seq + segment.seg_len(),
                       .payload_octets = segment.payload_octets,
                       .verdict = verdict};
  if (!segment.has(TcpFlags::rst) && !at_hand.refused) {
    result.seen = at_hand.own_space().on_sent(at_hand.slabs.missing, segment, {});
    judged.verdict.placement = result.seen.placement;
    x_syns[index_of(at_hand.from)] = {.frame = at_hand.moment.frame,
                                      .time_ns = at_hand.moment.time_ns,
                                      .iss = segment.seg_seq,
                                      .end = judged.end,
                                      .timestamp = segment.options.timestamp_value,
                                      .ip_id = segment.ip_id,
                                      .flow_label = segment.flow_label,
                                      .ip_id_counter = segment.ip_id_counter(),
                                      .fingerprint = segment.fingerprint(),
                                      .ack = segment.seg_ack,
                                      .window = segment.window_field,
                                      .has_ack = segment.has(TcpFlags::ack)};
    if (segment.has(TcpFlags::ack)) {
      result.acknowledged =
          at_hand.peer_space().on_acknowledged(at_hand.slabs.missing, segment.seg_ack, {});
      if (result.acknowledged.advances) judged.verdict.ack = AckVerdict::advances;
    }
  }
  const SendSpace& peer = at_hand.peer_space();
  if (x_transfers != no_slab_index) note_drawing(at_hand, transfer(at_hand.slabs, at_hand.from));
  if (segment.has(TcpFlags::rst) && x_transfers != no_slab_index) {
    const SendSpace& own = at_hand.own_space();
    transfer(at_hand.slabs, at_hand.from).reset_elsewhere =
        own.has_snd_una() && !(segment.seg_seq == own.snd_una());
  }
  if (segment.has(TcpFlags::rst) && segment.has(TcpFlags::ack) && peer.has_iss() &&
      segment.seg_ack == peer.iss() + 1) {
    x_syn_refused[index_of(other(at_hand.from))] = true;
  }
  at_hand.slabs.settled.push_back(judged);
}

VerdictCounters& Judge::counters(TcpSlabs& slabs, Side sender) const {
  SlabIndex& index = transfer(slabs, sender).counters;
  if (index == no_slab_index) index = slabs.counters.take();
  return slabs.counters[index];
}

std::size_t Judge::octets(const TcpSlabs& slabs) const {
  if (x_transfers == no_slab_index) return 0;
  std::size_t octets = sizeof(Transfers);
  for (const Transfer& each : slabs.transfers[x_transfers]) {
    if (each.counters != no_slab_index) octets += sizeof(VerdictCounters);
  }
  return octets;
}

void Judge::count(TcpSlabs& slabs, const JudgedSegment& judged) {
  const Verdict& verdict = judged.verdict;
  if (!is_counted(verdict)) return;
  VerdictCounters& sent = counters(slabs, judged.from);
  const std::uint32_t octets = judged.payload_octets;
  switch (verdict.origin) {
    case Origin::first:
      break;
    case Origin::retransmission:
      ++sent.retransmissions;
      sent.retransmitted_octets += octets;
      ++sent.triggers[static_cast<std::size_t>(verdict.trigger)];
      break;
    case Origin::out_of_order:
      ++sent.out_of_order;
      break;
    case Origin::duplicate:
      ++sent.duplicates;
      break;
    case Origin::keep_alive:
      ++sent.keep_alives;
      break;
    case Origin::window_probe:
      ++sent.window_probes;
      break;
  }
  if (verdict.spurious) ++sent.spurious;
  if (verdict.lost_upstream) sent.lost_upstream_octets += octets;
  if (verdict.lost_downstream) sent.lost_downstream_octets += octets;
  if (verdict.ack == AckVerdict::duplicate_ack) ++sent.duplicate_acks;
  if (verdict.window == WindowVerdict::zero_window) ++sent.zero_windows;
}

std::uint64_t Judge::details_dropped(const TcpSlabs& slabs) const {
  if (x_transfers == no_slab_index) return 0;
  std::uint64_t dropped = x_pending.cut_short();
  for (const Transfer& each : slabs.transfers[x_transfers]) {
    dropped += each.sent.given_up() + each.sacked.given_up();
  }
  return dropped;
}

void Judge::conclude(TcpSlabs& slabs) {
  if (x_transfers == no_slab_index) return;
  for (Transfer& concluded : slabs.transfers[x_transfers]) {
    concluded.sent.release(slabs.sent);
    concluded.sacked.release(slabs.ranges);
    concluded.round_trip.conclude(slabs.round_trips);
    give_back(slabs.few_empty, concluded.few_empty);
    give_back(slabs.many_empty, concluded.many_empty);
  }
}

void Judge::clear(TcpSlabs& slabs) {
  x_pending.remove_if(slabs.pending, [](const PendingVerdict&) { return true; });
  conclude(slabs);
  if (x_transfers != no_slab_index) {
    for (Transfer& each : slabs.transfers[x_transfers]) {
      tapdeck::give_back(slabs.counters, each.counters);
    }
    slabs.transfers.give_back(x_transfers);
  }
  x_transfers = no_slab_index;
}

}  // namespace tapdeck
