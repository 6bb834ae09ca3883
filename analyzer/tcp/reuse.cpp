#include "analyzer/tcp/reuse.h"

namespace tapdeck {
namespace {

bool has_closed(const EndpointMachine& machine) {
  return machine.state == TcpState::closed || machine.state == TcpState::time_wait;
}

bool has_ended(const EndpointMachine& machine) { return machine.sent_fin || has_closed(machine); }

/// A host sends a SYN only where it has no connection on these sockets any more, or never had one:
/// another initial sequence number means another connection, whatever the peer still believes.
bool syn_begins_new(const TcpConnection& connection, Side from, const Segment& segment) {
  const SendSpace& sent = connection.endpoint(from).send;
  const EndpointMachine& sender = connection.states().of(from);
  const EndpointMachine& peer = connection.states().of(other(from));
  if (sent.has_iss()) {
    if (!(segment.seg_seq == sent.iss())) return true;
    // Some hosts send a refused SYN again, as if it had been lost: one attempt all the same.
    const bool never_opened = !peer.sent_syn && !sender.sent_fin;
    // Who sent a FIN holds the connection until the peer's came; a SYN of it until then is late.
    return !never_opened &&
           (has_closed(sender) || has_closed(peer) || (sender.sent_fin && peer.sent_fin));
  }
  // The SYN of simultaneous open (RFC 9293 §3.5 figure 7), or of a split handshake.
  if (!sent.has_sent() && peer.state == TcpState::syn_sent) return false;
  // A SYN that was captured behind the first segments of its own connection.
  const bool just_below = sent.has_sent() && segment.seg_seq + 1 == sent.lowest();
  return !just_below;
}

bool syn_ack_begins_new(const TcpConnection& connection, Side from, const Segment& segment) {
  const SendSpace& sent = connection.endpoint(from).send;
  const SendSpace& peer_sent = connection.endpoint(other(from)).send;
  if (peer_sent.has_iss() && segment.seg_ack - 1 == peer_sent.iss()) return false;
  if (sent.has_iss()) {
    if (!(segment.seg_seq == sent.iss())) return !connection.is_attempt();
    const bool both_ended =
        has_ended(connection.states().of(from)) && has_ended(connection.states().of(other(from)));
    return both_ended && !peer_sent.has_iss();
  }
  const bool in_answer = peer_sent.has_iss() && connection.is_attempt();
  const bool just_below = segment.seg_seq + 1 == sent.lowest();
  return sent.has_sent() && !in_answer && !just_below;
}

/// In an attempt the server's only words are about the SYN, and the client's begin right after it.
bool is_about_attempt(const TcpConnection& connection, Side from, const Segment& segment) {
  const SendSpace& client = connection.endpoint(Side::client).send;
  if (from == Side::server) {
    return segment.has(TcpFlags::ack) && precedes(client.iss(), segment.seg_ack) &&
           at_or_before(segment.seg_ack, client.snd_nxt());
  }
  return at_or_before(client.iss(), segment.seg_seq) &&
         at_or_before(segment.seg_seq, client.snd_nxt());
}

}  // namespace

Belongs belongs_to(const TcpConnection& connection, Side from, const Segment& segment,
                   bool has_predecessor) {
  const bool reset = segment.has(TcpFlags::rst);
  if (segment.is_syn() && !reset) {
    return syn_begins_new(connection, from, segment) ? Belongs::new_one : Belongs::here;
  }
  if (segment.is_syn_ack() && !reset && syn_ack_begins_new(connection, from, segment)) {
    return Belongs::new_one;
  }
  if (has_predecessor && connection.is_attempt() && !is_about_attempt(connection, from, segment)) {
    return Belongs::predecessor;
  }
  return Belongs::here;
}

}  // namespace tapdeck
