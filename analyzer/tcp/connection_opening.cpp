// How both machines open: RFC 9293 §3.5, §3.10.7.2 and §3.10.7.3.
#include "analyzer/tcp/connection_states.h"

namespace tapdeck {

void ConnectionStates::on_syn(StateChangeSlab& slab, const SegmentInPlace& in_place,
                              Outcome& outcome) {
  EndpointMachine& sender = at(in_place.from);
  if (in_place.segment.is_syn()) {
    on_bare_syn(slab, in_place, outcome);
  } else {
    on_syn_ack(slab, in_place);
    sender.sent_syn_ack = true;
  }
  sender.sent_syn = true;
  sender.sent_syn_data = sender.sent_syn_data || in_place.segment.payload_octets != 0;
}

void ConnectionStates::on_bare_syn(StateChangeSlab& slab, const SegmentInPlace& in_place,
                                   Outcome& outcome) {
  EndpointMachine& sender = at(in_place.from);
  EndpointMachine& peer = at(other(in_place.from));
  // A refused SYN that is sent again: what the peer said before was of no connection.
  const bool again = sender.state == TcpState::closed && !peer.sent_syn;
  if (again) {
    outcome.forgets_receiver = true;
    x_teardown = {};
    peer = {};
    x_views[index_of(other(in_place.from))] = {};
  }
  if (sender.state != TcpState::unknown && !again) return;
  if (peer.state == TcpState::syn_sent) {
    outcome.verdict.connection_words |= ConnectionWord::simultaneous_open;
  }
  sender.state = TcpState::closed;
  change(slab, in_place.from, TcpState::syn_sent, StateChangeReason::sent_syn, in_place.moment);
}

void ConnectionStates::on_syn_ack(StateChangeSlab& slab, const SegmentInPlace& in_place) {
  const auto& [from, segment, moment, bad_checksum, sent] = in_place;
  EndpointMachine& sender = at(from);
  EndpointMachine& peer = at(other(from));
  if (sender.state == TcpState::established && sender.sent_syn_ack &&
      lacks_ack(in_place, StateChangeReason::received_ack_of_syn)) {
    change(slab, from, TcpState::syn_received, StateChangeReason::sent_again, moment);
    x_is_opened = false;
    return;
  }
  if (sender.state == TcpState::unknown) sender.state = TcpState::listen;
  if (sender.state == TcpState::listen || sender.state == TcpState::syn_sent) {
    change(slab, from, TcpState::syn_received, StateChangeReason::sent_syn_ack, moment);
  }
  const SendSpace& own = in_place.sent_by(from);
  const SeqNum iss = own.has_iss() ? own.iss() : segment.seg_seq;
  const bool already_acknowledged = own.has_snd_una() && precedes(iss, own.snd_una());
  if (sender.state == TcpState::syn_received && already_acknowledged) {
    change(slab, from, TcpState::established, StateChangeReason::received_ack_of_syn, moment);
  }
  if (peer.state == TcpState::unknown) {
    peer.state = TcpState::closed;
    change(slab, other(from), TcpState::syn_sent, StateChangeReason::midstream, moment);
  }
}

/// Only an open connection sends so; what opened it was not captured. With data in the peer's SYN
/// (RFC 7413) an endpoint may answer while it still is in SYN-RECEIVED.
void ConnectionStates::on_traffic(StateChangeSlab& slab, const SegmentInPlace& in_place) {
  const auto& [from, segment, moment, bad_checksum, sent] = in_place;
  const EndpointMachine& sender = of(from);
  if (is_open(sender.state)) return;
  const SendSpace& own = in_place.sent_by(from);
  const bool answers_unseen_syn = sender.state == TcpState::syn_sent &&
                                  segment.has(TcpFlags::ack) &&
                                  !in_place.sent_by(other(from)).has_iss();
  const bool behind_its_syn =
      segment.payload_octets != 0 || (own.has_iss() && precedes(own.iss() + 1, segment.seg_seq));
  const bool beyond_syn_received =
      sender.state == TcpState::syn_received && behind_its_syn && !of(other(from)).sent_syn_data;
  if (sender.state == TcpState::unknown || answers_unseen_syn || beyond_syn_received) {
    change(slab, from, TcpState::established, StateChangeReason::midstream, moment);
  }
}

void ConnectionStates::on_acknowledged_syn(StateChangeSlab& slab, const SegmentInPlace& in_place) {
  const auto& [from, segment, moment, bad_checksum, sent] = in_place;
  const EndpointMachine& peer = of(other(from));
  const SendSpace& acknowledged = in_place.sent_by(other(from));
  if (!acknowledged.has_iss() || !precedes(acknowledged.iss(), segment.seg_ack)) return;
  if (of(from).state == TcpState::syn_sent && !segment.has(TcpFlags::syn)) {
    const SendSpace& own = in_place.sent_by(from);
    const bool own_acknowledged =
        own.has_iss() && own.has_snd_una() && precedes(own.iss(), own.snd_una());
    // RFC 9293 figure 7: the peer's SYN acknowledged nothing.
    const bool crossed = peer.sent_syn && !peer.sent_syn_ack && !own_acknowledged;
    change(slab, from, crossed ? TcpState::syn_received : TcpState::established,
           crossed ? StateChangeReason::received_syn : StateChangeReason::received_syn_ack, moment);
  }
  if (peer.state == TcpState::syn_received) {
    change(slab, other(from), TcpState::established, StateChangeReason::received_ack_of_syn,
           moment);
  }
}

}  // namespace tapdeck
