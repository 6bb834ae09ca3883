#include "analyzer/tcp/connection.h"

namespace tapdeck {

Judge::Result TcpConnection::on_segment(TcpSlabs& slabs, Side from, const Segment& segment,
                                        Moment moment, bool bad_checksum) {
  const bool from_client = from == Side::client;
  SegmentInPlace in_place = place(from, segment, moment);
  in_place.bad_checksum = bad_checksum;
  const Case at_hand{.slabs = slabs,
                     .endpoints = x_endpoints,
                     .states = x_states,
                     .handshake = x_handshake,
                     .from = from,
                     .segment = segment,
                     .moment = moment};
  if (is_expected(from, segment) && !bad_checksum && slabs.predicts && x_judge.predicts(at_hand)) {
    x_states.on_predicted(in_place);
    at(from).unique_octets += segment.payload_octets;
    return x_judge.on_predicted(at_hand);
  }
  const std::array states_before{x_states.of(Side::client).state, x_states.of(Side::server).state};
  const ConnectionStates::Outcome outcome = advance_states(slabs, in_place);
  note_history(from, segment, bad_checksum);
  update_zeek_states(x_zeek[index_of(from)], x_zeek[index_of(other(from))], from_client, segment);
  const StateVerdict& known = outcome.verdict;
  // What PAWS refuses was sent before, and is judged by what became of its octets.
  const bool refused = known.acceptance == Acceptance::out_of_window ||
                       known.acceptance == Acceptance::unacceptable_ack;
  Judge::Result judged =
      x_judge.on_segment({.slabs = slabs,
                          .endpoints = x_endpoints,
                          .states = x_states,
                          .handshake = x_handshake,
                          .from = from,
                          .segment = segment,
                          .moment = moment,
                          .refused = outcome.moves_nothing && refused,
                          .bad_checksum = bad_checksum},
                         {.ack = known.challenge_ack ? AckVerdict::challenge_ack : AckVerdict::none,
                          .acceptance = known.acceptance,
                          .connection_words = known.connection_words});
  judged.states_before = states_before;
  note_octets(from, segment, judged);
  if (!outcome.moves_nothing) note_handshake(from, segment, moment);
  x_expected = expected_after(at_hand);
  return judged;
}

std::uint8_t TcpConnection::expected_after(const Case& at_hand) const {
  if (!x_states.is_quiet() || !x_handshake.complete() || !x_judge.is_quiet(at_hand)) return 0;
  std::uint8_t expected = 0;
  for (const Side side : {Side::client, Side::server}) {
    for (const bool with_payload : {false, true}) {
      if (zeek(side).has_noted(with_payload)) expected |= expected_bit(side, with_payload);
    }
  }
  return expected;
}

/// Header prediction: the next bytes in order, or an ACK of some, and nothing else.
bool TcpConnection::is_expected(Side from, const Segment& segment) const {
  constexpr std::uint8_t variable_flags = TcpFlags::psh;
  const TcpEndpoint& sender = endpoint(from);
  const SendSpace& peer = endpoint(other(from)).send;
  return (x_expected & expected_bit(from, segment.payload_octets != 0)) != 0 &&
         (segment.flags & ~variable_flags) == TcpFlags::ack &&
         segment.seg_seq == sender.send.snd_nxt() &&
         at_or_before(peer.snd_una(), segment.seg_ack) &&
         at_or_before(segment.seg_ack, peer.snd_nxt()) &&
         (segment.payload_octets != 0 || precedes(peer.snd_una(), segment.seg_ack)) &&
         segment.options.sack_block_count == 0 &&
         x_states.view(from).expects_clock(segment.options, x_states.view(other(from)));
}

SegmentInPlace TcpConnection::place(Side from, const Segment& segment, Moment moment) const {
  return {.from = from,
          .segment = segment,
          .moment = moment,
          .sent = {&endpoint(Side::client).send, &endpoint(Side::server).send}};
}

void TcpConnection::note_history(Side from, const Segment& segment, bool bad_checksum) {
  ZeekEndpoint& sender = x_zeek[index_of(from)];
  const bool from_client = from == Side::client;
  sender.note_segment(x_history, from_client, segment);
  if (bad_checksum) sender.note_bad_checksum(x_history, from_client);
  if (segment.window_field == 0 && !segment.has(TcpFlags::rst) &&
      zeek(other(from)).state != ZeekEndpointState::closed &&
      sender.state != ZeekEndpointState::reset) {
    sender.note_zero_window(x_history, from_client);
  }
}

void TcpConnection::note_octets(Side from, const Segment& segment, const Judge::Result& judged) {
  ZeekEndpoint& sender = x_zeek[index_of(from)];
  const bool from_client = from == Side::client;
  at(from).unique_octets += judged.seen.unique;
  at(from).repeated_octets += judged.seen.repeated;
  if (!segment.has(TcpFlags::rst) && !judged.seen.advances && segment.payload_octets != 0 &&
      sender.state != ZeekEndpointState::reset) {
    sender.note_retransmission(x_history, from_client);
  }
  for (std::uint32_t i = 0; i < judged.acknowledged.gaps; ++i) {
    x_zeek[index_of(other(from))].note_gap(x_history, !from_client);
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

ConnectionStates::Outcome TcpConnection::advance_states(TcpSlabs& slabs,
                                                        const SegmentInPlace& in_place) {
  const ConnectionStates::Outcome outcome = x_states.on_segment(slabs.changes, in_place);
  if (outcome.forgets_receiver) {
    SendSpace& forgotten = at(other(in_place.from)).send;
    forgotten.clear(slabs.missing);
    forgotten = {};
  }
  return outcome;
}

bool TcpConnection::is_attempt() const {
  return x_states.of(Side::client).state == TcpState::syn_sent &&
         !x_states.of(Side::server).sent_syn;
}

std::size_t TcpConnection::octets(const TcpSlabs& slabs) const {
  std::size_t octets = x_states.log().octets() + x_judge.octets(slabs);
  for (const TcpEndpoint& end : x_endpoints) {
    octets += end.send.missing().count() * sizeof(MissingRange);
  }
  return octets;
}

std::uint64_t TcpConnection::details_dropped(const TcpSlabs& slabs) const {
  std::uint64_t dropped =
      x_states.log().dropped() + x_history.dropped() + x_judge.details_dropped(slabs);
  for (const TcpEndpoint& end : x_endpoints) dropped += end.send.missing().given_up();
  return dropped;
}

void TcpConnection::clear(TcpSlabs& slabs) {
  for (TcpEndpoint& end : x_endpoints) end.send.clear(slabs.missing);
  x_states.clear(slabs.changes);
  x_judge.clear(slabs);
}

}  // namespace tapdeck
