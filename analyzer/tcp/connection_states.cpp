#include "analyzer/tcp/connection_states.h"

#include <utility>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

std::uint16_t words_of_flags(const Segment& segment) {
  if (segment.has(TcpFlags::rst)) return ConnectionWord::reset;
  std::uint16_t words = segment.has(TcpFlags::fin) ? ConnectionWord::fin : 0;
  if (segment.is_syn()) words |= ConnectionWord::syn;
  if (segment.is_syn_ack()) words |= ConnectionWord::syn_ack;
  return words;
}

/// Nothing that the endpoint sent or acknowledged shows such a change.
bool is_hearsay(StateChangeReason reason) {
  return reason == StateChangeReason::received_ack_of_syn ||
         reason == StateChangeReason::received_ack_of_fin ||
         reason == StateChangeReason::received_reset || reason == StateChangeReason::refused;
}

}  // namespace

KnownEnd ConnectionStates::known(const SegmentInPlace& in_place, Side side) const {
  const EndpointMachine& machine = of(side);
  return {.state = machine.state,
          .sent_syn = machine.sent_syn,
          .sent_fin = machine.sent_fin,
          .fin = machine.fin,
          .sent = in_place.sent_by(side),
          .view = view(side)};
}

ConnectionStates::Outcome ConnectionStates::on_segment(StateChangeSlab& slab,
                                                       const SegmentInPlace& in_place) {
  Outcome outcome;
  if (in_place.segment.has(TcpFlags::syn | TcpFlags::fin | TcpFlags::rst)) {
    outcome.verdict.connection_words = words_of_flags(in_place.segment);
  }
  judge(in_place, outcome);
  if (!outcome.moves_nothing) advance(slab, in_place, outcome);
  if (in_place.segment.is_syn() && x_opening != StateVerdict{}) {
    const StateVerdict opening = std::exchange(x_opening, {});
    outcome.verdict.acceptance = opening.acceptance;
    outcome.verdict.connection_words |= opening.connection_words;
  }
  return outcome;
}

void ConnectionStates::judge(const SegmentInPlace& in_place, Outcome& outcome) {
  const auto& [from, segment, moment, bad_checksum, sent] = in_place;
  if (is_damaged(in_place)) {
    outcome.moves_nothing = true;
    return;
  }
  const KnownEnd receiver = known(in_place, other(from));
  StateVerdict& verdict = outcome.verdict;
  verdict.acceptance = judge_acceptance(segment, known(in_place, from), receiver, moment.time_ns);
  if (of(from).challenge.pending) verdict.challenge_ack = answers_challenge(in_place);
  if (verdict.acceptance != Acceptance::acceptable) {
    outcome.moves_nothing = true;
    expect_challenge(in_place, verdict.acceptance);
    // RFC 9293 §3.5.1: the sender holds an earlier connection, of which nothing was seen here.
    if (receiver.state == TcpState::syn_sent && !of(from).sent_syn && segment.is_empty_ack()) {
      verdict.challenge_ack = true;
      verdict.connection_words |= ConnectionWord::half_open;
    }
    return;
  }
  // RFC 5961 §4: whatever its sequence number. And an ACK of what this capture never saw, that
  // was perhaps never sent: the sequence number of the answer tells.
  const bool acks_unseen = segment.has(TcpFlags::ack) && receiver.sent.has_sent() &&
                           precedes(receiver.sent.snd_nxt(), segment.seg_ack);
  if (is_open(receiver.state) && !segment.has(TcpFlags::rst) &&
      (segment.has(TcpFlags::syn) || acks_unseen)) {
    expect_challenge(in_place, Acceptance::acceptable);
  }
}

bool ConnectionStates::is_damaged(const SegmentInPlace& in_place) {
  const Segment& segment = in_place.segment;
  ChecksumTrust& own = at(in_place.from).checksums;
  ChecksumTrust& peers = at(other(in_place.from)).checksums;
  if (peers.sent_damaged && segment.has(TcpFlags::ack) && segment.seg_ack == peers.damaged_end) {
    peers.disproved = true;
    peers.sent_damaged = false;
  }
  const SeqNum end = segment.seg_seq + segment.seg_len();
  if (!in_place.bad_checksum) {
    own.sent_intact = true;
    if (own.sent_damaged && at_or_before(own.damaged_end, end)) own.sent_damaged = false;
    return false;
  }
  if (!own.sent_intact || own.disproved) return false;
  if (segment.seg_len() != 0) {
    own.damaged_end = end;
    own.sent_damaged = true;
  }
  return true;
}

void ConnectionStates::expect_challenge(const SegmentInPlace& in_place, Acceptance acceptance) {
  const Side receiver = other(in_place.from);
  const SendSpace& answering = in_place.sent_by(receiver);
  const TcpState state = of(receiver).state;
  const bool answers_with_ack = is_open(state) || (state == TcpState::syn_received &&
                                                   acceptance != Acceptance::unacceptable_ack);
  if (!answers_with_ack || !answering.has_sent()) return;
  if (acceptance == Acceptance::unacceptable_rst) {
    // RFC 5961 §3.2: outside of the window it is dropped silently.
    const SendSpace& sent = in_place.sent_by(in_place.from);
    const ReceiverView& offered = view(receiver);
    const SeqNum position = in_place.segment.seg_seq;
    if (sent.has_snd_una() && precedes(position, sent.snd_una())) return;
    if (offered.knows_window() && precedes(offered.right_edge(), position)) return;
  }
  at(receiver).challenge = {
      .since_ns = in_place.moment.time_ns, .snd_nxt = answering.snd_nxt(), .pending = true};
}

bool ConnectionStates::answers_challenge(const SegmentInPlace& in_place) {
  constexpr std::int64_t soon_ns = 1'000'000'000;
  const auto& [from, segment, moment, bad_checksum, sent] = in_place;
  ChallengeExpected& challenge = at(from).challenge;
  if (elapsed_ns(challenge.since_ns, moment.time_ns) > soon_ns) {
    challenge.pending = false;
    return false;
  }
  const SendSpace& challenger = in_place.sent_by(other(from));
  const bool advances = challenger.has_snd_una() && precedes(challenger.snd_una(), segment.seg_ack);
  if (!segment.is_empty_ack() || advances || !(segment.seg_seq == challenge.snd_nxt)) return false;
  challenge.pending = false;
  return true;
}

void ConnectionStates::advance(StateChangeSlab& slab, const SegmentInPlace& in_place,
                               Outcome& outcome) {
  const Segment& segment = in_place.segment;
  if (of(in_place.from).is_presumed) confirm(slab, in_place);
  if (segment.has(TcpFlags::rst)) {
    on_reset(slab, in_place);
    return;
  }
  if (segment.has(TcpFlags::syn)) {
    on_syn(slab, in_place, outcome);
  } else {
    on_traffic(slab, in_place);
  }
  take_view(in_place);
  if (segment.payload_octets != 0 || segment.has(TcpFlags::fin)) note_fin(in_place, outcome);
  if (segment.has(TcpFlags::ack)) {
    if (!x_is_opened) on_acknowledged_syn(slab, in_place);
    if (of(other(in_place.from)).sent_fin) on_acknowledged_fin(slab, in_place);
  }
  if (segment.has(TcpFlags::fin)) on_fin(slab, in_place);
  if (!x_is_opened && of(Side::client).sent_syn && of(Side::server).sent_syn &&
      is_open(of(Side::client).state) && is_open(of(Side::server).state)) {
    x_is_opened = true;
    if (!x_said_complete) outcome.verdict.connection_words |= ConnectionWord::handshake_complete;
    x_said_complete = true;
  }
}

void ConnectionStates::take_view(const SegmentInPlace& in_place) {
  ReceiverView& own = x_views[index_of(in_place.from)];
  ReceiverView& peer = x_views[index_of(other(in_place.from))];
  if (in_place.segment.has(TcpFlags::syn)) {
    own.note_syn(in_place.segment);
    own.agree_on_scale(peer);
  }
  own.on_sent(in_place.segment, peer, in_place.moment.time_ns);
}

/// What was presumed of the sender, does its segment show it?
void ConnectionStates::confirm(StateChangeSlab& slab, const SegmentInPlace& in_place) {
  const Segment& segment = in_place.segment;
  EndpointMachine& sender = at(in_place.from);
  bool shown = segment.has(TcpFlags::rst);  // it has no connection any more
  if (sender.changed_by == StateChangeReason::received_ack_of_syn) {
    shown = !segment.has(TcpFlags::syn);
  } else if (sender.changed_by == StateChangeReason::received_ack_of_fin) {
    shown = segment.has(TcpFlags::ack) && precedes(sender.presumed_at, segment.seg_ack);
  }
  if (!shown) return;
  sender.is_presumed = false;
  x_log.confirm(slab, sender.change_entry, in_place.moment.frame);
}

/// The sender repeats what an ACK that was seen on its way answers. What it sent before that could
/// reach it takes no longer than a round trip; a retransmission timer runs for 200 ms at least.
bool ConnectionStates::lacks_ack(const SegmentInPlace& in_place, StateChangeReason reason) const {
  constexpr std::int64_t least_timeout_ns = 200'000'000;
  const EndpointMachine& sender = of(in_place.from);
  return sender.is_presumed && sender.changed_by == reason &&
         elapsed_ns(sender.changed_ns, in_place.moment.time_ns) >= least_timeout_ns;
}

StateVerdict ConnectionStates::on_reopening(const SegmentInPlace& syn) {
  const TcpState state = of(other(syn.from)).state;
  if (state == TcpState::time_wait) {
    const Acceptance acceptance = judge_reopening(syn.segment, known(syn, syn.from));
    if (acceptance != Acceptance::acceptable) expect_challenge(syn, acceptance);
    return {.acceptance = acceptance, .connection_words = ConnectionWord::port_reuse};
  }
  if (!is_open(state)) return {.connection_words = ConnectionWord::port_reuse};
  expect_challenge(syn, Acceptance::acceptable);
  return {.connection_words = ConnectionWord::half_open};
}

void ConnectionStates::on_superseded(StateChangeSlab& slab, Moment moment) {
  for (const Side side : {Side::client, Side::server}) {
    if (of(side).state == TcpState::unknown) continue;
    change(slab, side, TcpState::closed, StateChangeReason::superseded, moment);
  }
}

void ConnectionStates::change(StateChangeSlab& slab, Side side, TcpState to,
                              StateChangeReason reason, Moment moment) {
  EndpointMachine& changed = at(side);
  if (changed.state == to) return;
  const bool hearsay = is_hearsay(reason);
  const std::uint8_t entry = x_log.add(slab, {.frame = moment.frame,
                                              .confirmed_frame = hearsay ? 0 : moment.frame,
                                              .time_ns = moment.time_ns,
                                              .side = side,
                                              .from = changed.state,
                                              .to = to,
                                              .reason = reason});
  changed.state = to;
  changed.is_presumed = hearsay;
  changed.changed_by = reason;
  changed.changed_ns = moment.time_ns;
  changed.change_entry = entry;
}

bool ConnectionStates::is_quiet() const {
  const auto quiet = [](const EndpointMachine& machine) {
    return machine.state == TcpState::established && !machine.is_presumed &&
           !machine.challenge.pending && machine.checksums.sent_intact &&
           !machine.checksums.sent_damaged;
  };
  return x_is_opened && quiet(x_machines[0]) && quiet(x_machines[1]) && x_views[0].knows_window() &&
         x_views[1].knows_window();
}

bool ConnectionStates::is_over() const {
  const auto over = [](const EndpointMachine& machine) {
    const bool repeats_last =
        machine.changed_by == StateChangeReason::sent_again &&
        (machine.state == TcpState::last_ack || machine.state == TcpState::closing);
    return machine.state == TcpState::closed || machine.state == TcpState::time_wait ||
           repeats_last;
  };
  return over(x_machines[0]) && over(x_machines[1]);
}

}  // namespace tapdeck
