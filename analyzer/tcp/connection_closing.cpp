// How both machines close: RFC 9293 §3.6, §3.5.3 and §3.10.7.4, RFC 5961 §3.
#include "analyzer/tcp/connection_states.h"

namespace tapdeck {

void ConnectionStates::note_fin(const SegmentInPlace& in_place, Outcome& outcome) {
  const auto& [from, segment, moment, bad_checksum, sent] = in_place;
  const EndpointMachine& sender = of(from);
  const EndpointMachine& peer = of(other(from));
  if (segment.payload_octets != 0 && sender.peer_fin_received && !sender.sent_fin) {
    x_teardown.half_closed = true;
  }
  if (!segment.has(TcpFlags::fin) || sender.sent_fin) return;
  const bool accepts_peer_fin =
      peer.sent_fin && segment.has(TcpFlags::ack) && precedes(peer.fin, segment.seg_ack);
  if (x_teardown.kind == TeardownKind::none) {
    x_teardown = {.kind = TeardownKind::fin, .by = from, .at = moment};
  } else if (x_teardown.kind == TeardownKind::fin && peer.sent_fin && !sender.peer_fin_received &&
             !accepts_peer_fin) {
    x_teardown.crossed = true;
    x_teardown.by.reset();
    outcome.verdict.connection_words |= ConnectionWord::simultaneous_close;
  }
}

/// Requires: the receiver sent a FIN.
void ConnectionStates::on_acknowledged_fin(StateChangeSlab& slab, const SegmentInPlace& in_place) {
  const auto& [from, segment, moment, bad_checksum, sent] = in_place;
  const EndpointMachine& sender = of(from);
  EndpointMachine& peer = at(other(from));
  if (!precedes(peer.fin, segment.seg_ack)) return;
  if (!sender.peer_fin_received) on_fin_received(slab, from, moment);
  if (peer.fin_acknowledged) return;
  // An ACK sent behind the sender's own FIN can't overtake it: FINs that crossed pass CLOSING.
  const bool behind_own_fin = sender.sent_fin && precedes(sender.fin, segment.seg_seq);
  if (peer.state == TcpState::fin_wait_1 && behind_own_fin) {
    on_fin_received(slab, other(from), moment);
  }
  on_fin_acknowledged(slab, other(from), moment);
  peer.presumed_at = segment.seg_seq + segment.seg_len();
}

void ConnectionStates::on_fin_received(StateChangeSlab& slab, Side receiver, Moment moment) {
  at(receiver).peer_fin_received = true;
  const auto become = [&](TcpState to) {
    change(slab, receiver, to, StateChangeReason::received_fin, moment);
  };
  const TcpState state = of(receiver).state;
  if (state == TcpState::established || state == TcpState::syn_received) {
    become(TcpState::close_wait);
  } else if (state == TcpState::fin_wait_1) {
    become(TcpState::closing);
  } else if (state == TcpState::fin_wait_2) {
    become(TcpState::time_wait);
  }
}

void ConnectionStates::on_fin_acknowledged(StateChangeSlab& slab, Side owner, Moment moment) {
  at(owner).fin_acknowledged = true;
  const auto become = [&](TcpState to) {
    change(slab, owner, to, StateChangeReason::received_ack_of_fin, moment);
  };
  const TcpState state = of(owner).state;
  if (state == TcpState::fin_wait_1) {
    become(TcpState::fin_wait_2);
  } else if (state == TcpState::closing) {
    become(TcpState::time_wait);
  } else if (state == TcpState::last_ack) {
    become(TcpState::closed);
  }
}

void ConnectionStates::on_fin(StateChangeSlab& slab, const SegmentInPlace& in_place) {
  EndpointMachine& sender = at(in_place.from);
  if (sender.sent_fin) {
    on_repeated_fin(slab, in_place);
    return;
  }
  sender.sent_fin = true;
  sender.fin = in_place.segment.data_end();
  const auto become = [&](TcpState to) {
    change(slab, in_place.from, to, StateChangeReason::sent_fin, in_place.moment);
  };
  const TcpState state = sender.state;
  if (state == TcpState::syn_sent || state == TcpState::syn_received ||
      state == TcpState::established) {
    become(TcpState::fin_wait_1);
  } else if (state == TcpState::close_wait) {
    become(TcpState::last_ack);
  }
}

/// The ACK of the FIN was seen on its way, but who got it has no reason to send the FIN again.
void ConnectionStates::on_repeated_fin(StateChangeSlab& slab, const SegmentInPlace& in_place) {
  EndpointMachine& sender = at(in_place.from);
  if (!(sender.fin == in_place.segment.data_end()) ||
      !lacks_ack(in_place, StateChangeReason::received_ack_of_fin)) {
    return;
  }
  const TcpState before = sender.state == TcpState::fin_wait_2  ? TcpState::fin_wait_1
                          : sender.state == TcpState::time_wait ? TcpState::closing
                                                                : TcpState::last_ack;
  sender.fin_acknowledged = false;
  change(slab, in_place.from, before, StateChangeReason::sent_again, in_place.moment);
}

/// Requires: the receiver would accept it, or has no connection.
void ConnectionStates::on_reset(StateChangeSlab& slab, const SegmentInPlace& in_place) {
  const auto& [from, segment, moment, bad_checksum, sent] = in_place;
  const Side receiver = other(from);
  if (!is_exact_reset(segment, known(in_place, from), known(in_place, receiver))) return;
  const bool both_closed = of(from).sent_fin && of(receiver).sent_fin;
  if (!both_closed && x_teardown.kind != TeardownKind::reset) {
    x_teardown = {.kind = TeardownKind::reset,
                  .by = from,
                  .half_closed = x_teardown.half_closed,
                  .at = moment};
  }
  const bool refused = of(receiver).state == TcpState::syn_sent;
  change(slab, from, TcpState::closed, StateChangeReason::sent_reset, moment);
  change(slab, receiver, TcpState::closed,
         refused ? StateChangeReason::refused : StateChangeReason::received_reset, moment);
}

}  // namespace tapdeck
