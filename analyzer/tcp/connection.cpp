#include "analyzer/tcp/connection.h"

namespace tapdeck {

void TcpConnection::on_segment(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment,
                               bool bad_checksum) {
  TcpEndpoint& sender = at(from);
  TcpEndpoint& peer = at(other(from));
  const bool from_client = from == Side::client;
  note_history(slabs, from, segment, bad_checksum);
  update_zeek_states(sender.zeek, peer.zeek, from_client, segment);
  note_handshake(from, segment, moment);
  if (segment.has(TcpFlags::ack) && !segment.has(TcpFlags::rst)) {
    const auto acknowledged = peer.send.on_acknowledged(slabs.missing, segment.seg_ack);
    for (std::uint32_t i = 0; i < acknowledged.gaps; ++i) {
      peer.zeek.note_gap(x_history, !from_client);
    }
  }
  note_teardown(from, segment, moment);
  advance_states(slabs, from, segment, moment);
}

void TcpConnection::note_history(TcpSlabs& slabs, Side from, const Segment& segment,
                                 bool bad_checksum) {
  TcpEndpoint& sender = at(from);
  const TcpEndpoint& peer = at(other(from));
  const bool from_client = from == Side::client;
  sender.zeek.note_segment(x_history, from_client, segment);
  if (bad_checksum) sender.zeek.note_bad_checksum(x_history, from_client);
  const bool reset = segment.has(TcpFlags::rst);
  if (segment.window_field == 0 && !reset && peer.zeek.state != ZeekEndpointState::closed &&
      sender.zeek.state != ZeekEndpointState::reset) {
    sender.zeek.note_zero_window(x_history, from_client);
  }
  if (reset) return;
  const auto seen = sender.send.on_sent(slabs.missing, segment);
  sender.unique_octets += seen.unique;
  sender.repeated_octets += seen.repeated;
  if (!seen.advances && segment.payload_octets != 0 &&
      sender.zeek.state != ZeekEndpointState::reset) {
    sender.zeek.note_retransmission(x_history, from_client);
  }
}

void TcpConnection::note_handshake(Side from, const Segment& segment, Moment moment) {
  if (segment.has(TcpFlags::rst)) return;
  if (segment.is_syn() && from == Side::client) {
    x_handshake.on_syn(moment.frame, moment.time_ns, segment);
  } else if (segment.is_syn()) {
    x_handshake.on_crossing_syn();
  } else if (segment.is_syn_ack() && from == Side::server) {
    x_handshake.on_syn_ack(moment.frame, moment.time_ns, segment);
    at(Side::client).send.infer_iss(segment.seg_ack - 1);
  } else if (from == Side::client && segment.has(TcpFlags::ack)) {
    const SendSpace& server = endpoint(Side::server).send;
    if (server.has_iss() && precedes(server.iss(), segment.seg_ack)) {
      x_handshake.on_ack_of_syn_ack(moment.frame, moment.time_ns);
    }
  }
}

void TcpConnection::note_teardown(Side from, const Segment& segment, Moment moment) {
  const TcpEndpoint& sender = endpoint(from);
  const TcpEndpoint& peer = endpoint(other(from));
  const bool accepts_peer_fin =
      peer.sent_fin && segment.has(TcpFlags::ack) && precedes(peer.fin, segment.seg_ack);
  if (segment.has(TcpFlags::rst)) {
    if (sender.sent_fin && peer.sent_fin) return;
    if (x_teardown.kind == TeardownKind::reset || !would_accept_reset(other(from), segment)) return;
    x_teardown = {.kind = TeardownKind::reset,
                  .by = from,
                  .half_closed = x_teardown.half_closed,
                  .frame = moment.frame};
    return;
  }
  if (segment.payload_octets != 0 && sender.peer_fin_received && !sender.sent_fin) {
    x_teardown.half_closed = true;
  }
  if (!segment.has(TcpFlags::fin) || sender.sent_fin) return;
  if (x_teardown.kind == TeardownKind::none) {
    x_teardown = {.kind = TeardownKind::fin, .by = from, .frame = moment.frame};
  } else if (peer.sent_fin && !sender.peer_fin_received && !accepts_peer_fin) {
    x_teardown.crossed = true;
    x_teardown.by.reset();
  }
}

void TcpConnection::advance_states(TcpSlabs& slabs, Side from, const Segment& segment,
                                   Moment moment) {
  if (segment.has(TcpFlags::rst)) {
    on_reset(slabs, from, segment, moment);
    return;
  }
  if (segment.has(TcpFlags::syn)) {
    on_syn(slabs, from, segment, moment);
  } else {
    on_traffic(slabs, from, segment, moment);
  }
  if (segment.has(TcpFlags::ack)) on_acknowledgment(slabs, from, segment, moment);
  if (segment.has(TcpFlags::fin) && !at(from).sent_fin) {
    at(from).sent_fin = true;
    at(from).fin = segment.data_end();
    on_fin(slabs, from, moment);
  }
}

void TcpConnection::on_syn(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment) {
  TcpEndpoint& sender = at(from);
  TcpEndpoint& peer = at(other(from));
  sender.sent_syn = true;
  if (segment.is_syn()) {
    const bool again = sender.state == TcpState::closed && !peer.sent_syn;
    if (again) forget_refusal(slabs, other(from));
    if (sender.state != TcpState::unknown && !again) return;
    sender.state = TcpState::closed;
    change(slabs, from, TcpState::syn_sent, StateChangeReason::sent_syn, moment);
    return;
  }
  if (sender.state == TcpState::unknown) sender.state = TcpState::listen;
  if (sender.state == TcpState::listen || sender.state == TcpState::syn_sent) {
    change(slabs, from, TcpState::syn_received, StateChangeReason::sent_syn_ack, moment);
  }
  const bool already_acknowledged =
      sender.send.has_snd_una() && precedes(sender.send.iss(), sender.send.snd_una());
  if (sender.state == TcpState::syn_received && already_acknowledged) {
    change(slabs, from, TcpState::established, StateChangeReason::received_ack_of_syn, moment);
  }
  if (peer.state == TcpState::unknown) {
    peer.state = TcpState::closed;
    change(slabs, other(from), TcpState::syn_sent, StateChangeReason::midstream, moment);
  }
}

/// A refused SYN that is sent again, or the one that follows half-open recovery (RFC 9293 §3.5.1):
/// what the peer said before was of no connection, or of an earlier one.
void TcpConnection::forget_refusal(TcpSlabs& slabs, Side refuser) {
  TcpEndpoint& peer = at(refuser);
  x_teardown = {};
  peer.send.clear(slabs.missing);
  peer.send = {};
  peer.state = TcpState::unknown;
}

void TcpConnection::on_traffic(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment) {
  const TcpEndpoint& sender = endpoint(from);
  const bool peer_syn_unseen = !endpoint(other(from)).send.has_iss();
  const bool past_the_opening =
      sender.state == TcpState::unknown ||
      (sender.state == TcpState::syn_sent && segment.has(TcpFlags::ack) && peer_syn_unseen) ||
      (sender.state == TcpState::syn_received && segment.payload_octets != 0);
  if (past_the_opening) {
    change(slabs, from, TcpState::established, StateChangeReason::midstream, moment);
  }
}

void TcpConnection::on_acknowledgment(TcpSlabs& slabs, Side from, const Segment& segment,
                                      Moment moment) {
  TcpEndpoint& sender = at(from);
  TcpEndpoint& peer = at(other(from));
  const bool covers_syn = peer.send.has_iss() && precedes(peer.send.iss(), segment.seg_ack);
  if (covers_syn && sender.state == TcpState::syn_sent && !segment.has(TcpFlags::syn)) {
    change(slabs, from, TcpState::established, StateChangeReason::received_syn_ack, moment);
  }
  if (covers_syn && peer.state == TcpState::syn_received) {
    change(slabs, other(from), TcpState::established, StateChangeReason::received_ack_of_syn,
           moment);
  }
  if (!peer.sent_fin || !precedes(peer.fin, segment.seg_ack)) return;
  if (!sender.peer_fin_received) {
    sender.peer_fin_received = true;
    if (sender.state == TcpState::established || sender.state == TcpState::syn_received) {
      change(slabs, from, TcpState::close_wait, StateChangeReason::received_fin, moment);
    } else if (sender.state == TcpState::fin_wait_1) {
      change(slabs, from, TcpState::closing, StateChangeReason::received_fin, moment);
    } else if (sender.state == TcpState::fin_wait_2) {
      change(slabs, from, TcpState::time_wait, StateChangeReason::received_fin, moment);
    }
  }
  if (peer.fin_acknowledged) return;
  peer.fin_acknowledged = true;
  // An ACK sent behind the sender's own FIN can't overtake it: FINs that crossed pass CLOSING.
  const bool behind_own_fin = sender.sent_fin && precedes(sender.fin, segment.seg_seq);
  if (peer.state == TcpState::fin_wait_1 && behind_own_fin) {
    peer.peer_fin_received = true;
    change(slabs, other(from), TcpState::closing, StateChangeReason::received_fin, moment);
  }
  if (peer.state == TcpState::fin_wait_1) {
    change(slabs, other(from), TcpState::fin_wait_2, StateChangeReason::received_ack_of_fin,
           moment);
  } else if (peer.state == TcpState::closing) {
    change(slabs, other(from), TcpState::time_wait, StateChangeReason::received_ack_of_fin, moment);
  } else if (peer.state == TcpState::last_ack) {
    change(slabs, other(from), TcpState::closed, StateChangeReason::received_ack_of_fin, moment);
  }
}

void TcpConnection::on_fin(TcpSlabs& slabs, Side from, Moment moment) {
  switch (at(from).state) {
    case TcpState::syn_sent:
    case TcpState::syn_received:
    case TcpState::established:
      change(slabs, from, TcpState::fin_wait_1, StateChangeReason::sent_fin, moment);
      break;
    case TcpState::close_wait:
      change(slabs, from, TcpState::last_ack, StateChangeReason::sent_fin, moment);
      break;
    case TcpState::closed:
    case TcpState::listen:
    case TcpState::fin_wait_1:
    case TcpState::fin_wait_2:
    case TcpState::closing:
    case TcpState::last_ack:
    case TcpState::time_wait:
    case TcpState::unknown:
      break;
  }
}

/// RFC 9293 §3.10.7 with RFC 5961 §3: in SYN-SENT it must acknowledge the SYN, later it must sit at
/// RCV.NXT, which lies between what the receiver acknowledged and all that was sent to it.
bool TcpConnection::would_accept_reset(Side receiver, const Segment& segment) const {
  const TcpEndpoint& target = endpoint(receiver);
  if (target.state == TcpState::syn_sent) {
    return segment.has(TcpFlags::ack) && precedes(target.send.iss(), segment.seg_ack) &&
           at_or_before(segment.seg_ack, target.send.snd_nxt());
  }
  const SendSpace& sent = endpoint(other(receiver)).send;
  if (!sent.has_sent() && !sent.has_snd_una()) return true;
  const SeqNum one = sent.has_sent() ? sent.snd_nxt() : sent.snd_una();
  const SeqNum two = sent.has_snd_una() ? sent.snd_una() : one;
  return at_or_before(earlier(one, two), segment.seg_seq) &&
         at_or_before(segment.seg_seq, later(one, two));
}

void TcpConnection::on_reset(TcpSlabs& slabs, Side from, const Segment& segment, Moment moment) {
  const Side receiver = other(from);
  if (!would_accept_reset(receiver, segment)) return;
  const bool refused = at(receiver).state == TcpState::syn_sent;
  change(slabs, from, TcpState::closed, StateChangeReason::sent_reset, moment);
  change(slabs, receiver, TcpState::closed,
         refused ? StateChangeReason::refused : StateChangeReason::received_reset, moment);
}

void TcpConnection::on_superseded(TcpSlabs& slabs, Moment moment) {
  for (const Side side : {Side::client, Side::server}) {
    if (at(side).state == TcpState::unknown) continue;
    change(slabs, side, TcpState::closed, StateChangeReason::superseded, moment);
  }
}

void TcpConnection::change(TcpSlabs& slabs, Side side, TcpState to, StateChangeReason reason,
                           Moment moment) {
  TcpEndpoint& changed = at(side);
  if (changed.state == to) return;
  x_state_log.add(slabs.changes, {.frame = moment.frame,
                                  .time_ns = moment.time_ns,
                                  .side = side,
                                  .from = changed.state,
                                  .to = to,
                                  .reason = reason});
  changed.state = to;
}

bool TcpConnection::is_over() const {
  const auto over = [](const TcpEndpoint& end) {
    return end.state == TcpState::closed || end.state == TcpState::time_wait;
  };
  return over(x_endpoints[0]) && over(x_endpoints[1]);
}

bool TcpConnection::is_attempt() const {
  return endpoint(Side::client).state == TcpState::syn_sent && !endpoint(Side::server).sent_syn;
}

std::uint64_t TcpConnection::details_dropped() const {
  std::uint64_t dropped = x_state_log.dropped() + x_history.dropped();
  for (const TcpEndpoint& end : x_endpoints) dropped += end.send.missing().given_up();
  return dropped;
}

void TcpConnection::clear(TcpSlabs& slabs) {
  for (TcpEndpoint& end : x_endpoints) end.send.clear(slabs.missing);
  x_state_log.clear(slabs.changes);
}

}  // namespace tapdeck
