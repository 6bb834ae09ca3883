#include "analyzer/tcp/zeek_view.h"

namespace tapdeck {
namespace {

using State = ZeekEndpointState;

constexpr std::uint8_t syn_bit = 1, fin_bit = 2, reset_bit = 4, data_bit = 8, ack_bit = 16,
                       fin_reset_bit = 32, many_flags_bit = 64;

bool is_inactive(const ZeekEndpoint& endpoint) {
  return endpoint.state == State::inactive || endpoint.state == State::partial;
}

/// RSTOS0: the client sent SYN and then RST, and nothing but those and data came from it before.
bool is_syn_then_reset(std::string_view history) {
  if (history.starts_with('^')) history.remove_prefix(1);
  if (!history.starts_with('S')) return false;
  const std::size_t end = history.find_first_of("HAFGIQR", 1);
  return end != std::string_view::npos && history[end] == 'R';
}

void leave_inactive(ZeekEndpoint& sender, ZeekEndpoint& peer, bool sender_is_client,
                    const Segment& segment) {
  if (segment.has(TcpFlags::syn)) {
    if (sender_is_client) {
      sender.become(segment.has(TcpFlags::ack) ? State::syn_ack_sent : State::syn_sent);
    } else {
      if (peer.state == State::syn_sent) peer.become(State::established);
      sender.become(State::established);
    }
  }
  if (segment.has(TcpFlags::fin)) sender.become(State::closed);
  if (segment.has(TcpFlags::rst)) sender.become(State::reset);
  if (sender.state != State::inactive) return;
  const bool acknowledges_syn_early =
      !sender_is_client && segment.payload_octets == 0 && peer.state == State::syn_sent;
  if (acknowledges_syn_early) return;
  const bool completes = segment.has(TcpFlags::ack) && peer.state == State::established;
  sender.become(completes ? State::established : State::partial);
}

void leave_established(ZeekEndpoint& sender, ZeekEndpoint& peer, const Segment& segment) {
  if (segment.is_syn() && sender.state == State::partial && peer.state == State::inactive) {
    sender.become(State::syn_sent);
  }
  if (segment.has(TcpFlags::fin) && !segment.has(TcpFlags::rst)) {
    sender.become(State::closed);
    if (peer.state == State::reset && peer.previous_state == State::closed) {
      peer.become(State::closed);
    }
  }
  if (segment.has(TcpFlags::rst)) sender.become(State::reset);
}

}  // namespace

void ZeekEndpoint::add(ZeekHistory& history, bool is_client, char letter) {
  constexpr char to_lower = 'a' - 'A';
  history.add(is_client ? letter : static_cast<char>(letter + to_lower));
}

bool ZeekEndpoint::note_first(ZeekHistory& history, bool is_client, char letter, std::uint8_t bit) {
  if ((x_noted & bit) != 0) return false;
  x_noted |= bit;
  add(history, is_client, letter);
  return true;
}

void ZeekEndpoint::note_at(ZeekHistory& history, bool is_client, char letter, std::uint8_t bit,
                           SeqNum position, SeqNum& last) {
  if (!note_first(history, is_client, letter, bit) && !(position == last)) {
    add(history, is_client, letter);
  }
  last = position;
}

void ZeekEndpoint::note_growing(ZeekHistory& history, bool is_client, char letter,
                                std::uint32_t& count) {
  ++count;
  std::uint32_t power = 1;
  while (power < count && power <= UINT32_MAX / 10) power *= 10;
  if (power == count) add(history, is_client, letter);
}

void ZeekEndpoint::note_segment(ZeekHistory& history, bool is_client, const Segment& segment) {
  const bool syn = segment.has(TcpFlags::syn);
  const bool fin = segment.has(TcpFlags::fin);
  const bool reset = segment.has(TcpFlags::rst);
  if (fin && reset) {
    note_first(history, is_client, 'I', fin_reset_bit);
  } else if (syn && (fin || reset)) {
    note_first(history, is_client, 'Q', many_flags_bit);
  } else if (syn) {
    note_at(history, is_client, segment.has(TcpFlags::ack) ? 'H' : 'S', syn_bit, segment.seg_seq,
            x_last_syn);
  } else if (fin) {
    note_at(history, is_client, 'F', fin_bit, segment.data_end(), x_last_fin);
  } else if (reset) {
    note_at(history, is_client, 'R', reset_bit, segment.seg_seq, x_last_reset);
  } else if (segment.payload_octets != 0) {
    note_first(history, is_client, 'D', data_bit);
  } else if (segment.has(TcpFlags::ack)) {
    note_first(history, is_client, 'A', ack_bit);
  }
}

bool ZeekEndpoint::has_noted(bool with_payload) const {
  return (x_noted & (with_payload ? data_bit : ack_bit)) != 0;
}

void update_zeek_states(ZeekEndpoint& sender, ZeekEndpoint& peer, bool sender_is_client,
                        const Segment& segment) {
  switch (sender.state) {
    case State::inactive:
      leave_inactive(sender, peer, sender_is_client, segment);
      break;
    case State::syn_sent:
    case State::syn_ack_sent:
      if (segment.has(TcpFlags::fin)) sender.become(State::closed);
      if (segment.has(TcpFlags::rst)) sender.become(State::reset);
      break;
    case State::partial:
    case State::established:
      leave_established(sender, peer, segment);
      break;
    case State::closed:
      if (segment.has(TcpFlags::rst) && peer.state != State::closed) sender.become(State::reset);
      break;
    case State::reset:
      break;
  }
}

std::string_view zeek_tcp_conn_state(const ZeekEndpoint& client, const ZeekEndpoint& server,
                                     std::string_view history, bool without_payload) {
  if (server.state == State::reset) {
    const bool rejected = client.state == State::syn_sent || client.state == State::syn_ack_sent ||
                          (client.state == State::reset && without_payload);
    if (rejected) return "REJ";
    return is_inactive(client) ? "RSTRH" : "RSTR";
  }
  if (client.state == State::reset) {
    if (!is_inactive(server)) return "RSTO";
    return is_syn_then_reset(history) ? "RSTOS0" : "OTH";
  }
  if (client.state == State::closed && server.state == State::closed) return "SF";
  if (client.state == State::closed) return is_inactive(server) ? "SH" : "S2";
  if (server.state == State::closed) return is_inactive(client) ? "SHR" : "S3";
  if (client.state == State::syn_sent && server.state == State::inactive) return "S0";
  if (client.state == State::established && server.state == State::established) return "S1";
  return "OTH";
}

std::string_view zeek_datagram_conn_state(bool client_sent, bool server_sent) {
  if (client_sent && server_sent) return "SF";
  if (client_sent) return "S0";
  return server_sent ? "SHR" : "OTH";
}

}  // namespace tapdeck
