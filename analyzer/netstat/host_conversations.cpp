// What each conversation adds to what is known of its two hosts and of the ports that answered.
#include "analyzer/netstat/host_facts.h"
#include "dissectors/icmp_errors.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

using enum HostCounter;

bool is_forsaken(TcpState before) {
  return before == TcpState::established || before == TcpState::close_wait;
}

/// In the words of RFC 1213's tcpAttemptFails and tcpEstabResets.
void count_ends(const TcpConnection& connection, const TcpSlabs& slabs, Side side,
                HostCounters& counters) {
  connection.states().log().for_each(slabs.changes, [&](const StateChange& change) {
    if (change.side != side || change.to != TcpState::closed) return;
    if (change.from == TcpState::syn_sent || change.from == TcpState::syn_received) {
      ++counters[tcp_failed_attempts];
    } else if (is_forsaken(change.from) && change.reason != StateChangeReason::superseded) {
      ++counters[tcp_resets_of_open];
    }
  });
}

void count_repeats(const VerdictCounters& repeats, HostCounters& counters) {
  const auto by = [&](Trigger trigger) {
    return repeats.triggers[static_cast<std::size_t>(trigger)];
  };
  counters[tcp_retransmitted] += repeats.retransmissions;
  counters[extended_timeouts] += by(Trigger::timeout);
  counters[extended_fast] += by(Trigger::fast) + by(Trigger::sack_recovery);
  counters[extended_slow_start] += by(Trigger::go_back_n);
  counters[extended_loss_probes] += by(Trigger::tail_loss_probe);
}

/// Of one side. Who answers a SYN with a SYN of its own, both ends open actively.
void count_tcp(const TcpConnection& connection, const TcpSlabs& slabs, Side side, bool is_open,
               HostFacts& host) {
  HostCounters& counters = host.counters;
  const EndpointMachine& own = connection.states().of(side);
  const bool crossed = connection.states().of(Side::client).sent_syn_ack;
  if (own.sent_syn && (side == Side::client || crossed)) ++counters[tcp_active_openings];
  if (side == Side::server && own.sent_syn_ack && !crossed) ++counters[tcp_passive_openings];
  if (is_open && is_forsaken(own.state)) ++counters[tcp_established];
  count_ends(connection, slabs, side, counters);
  const Judge& judge = connection.judge();
  if (const Transfer* const sent = judge.sent_by(slabs, side)) {
    if (sent->counters != no_slab_index) count_repeats(slabs.counters[sent->counters], counters);
  }
  if (const Transfer* const received = judge.sent_by(slabs, other(side))) {
    if (received->round_trip.known()) {
      host.nearest_ns = std::min(host.nearest_ns, received->round_trip.least());
    }
  }
}

void note(std::int64_t& latest_ns, std::int64_t time_ns) {
  latest_ns = std::max(latest_ns, time_ns);
}

/// Of the port that was called: by the SYN+ACK that answered, or the reset.
void note_tcp_port(const TcpConnection& connection, PortFacts& port) {
  const Handshake& handshake = connection.handshake();
  const bool crossed = connection.states().of(Side::client).sent_syn_ack;
  if (handshake.synack_frame() && !crossed) note(port.answered_ns, handshake.synack_ns());
  const EndpointMachine& client = connection.states().of(Side::client);
  if (client.changed_by == StateChangeReason::refused) note(port.refused_ns, client.changed_ns);
}

/// Likewise: by what came back from it, or the ICMP error about it.
void note_udp_port(const FlowTable& table, const Conversation& conversation, PortFacts& port) {
  if (conversation.details->traffic[index_of(Side::server)].packets != 0) {
    note(port.answered_ns, conversation.end_ns);
  }
  const IcmpErrors* const errors = table.icmp_errors(conversation);
  if (errors == nullptr) return;
  for (const IcmpErrors::Entry& entry : errors->entries) {
    const IcmpNotice& notice = entry.notice;
    if (entry.frame != 0 && entry.direction == conversation.client_direction &&
        is_port_unreachable(notice.version, notice.type, notice.code)) {
      note(port.refused_ns, entry.time_ns);
    }
  }
}

}  // namespace

void GatheredFacts::add_conversation(const FlowTable& table, const Conversation& conversation,
                                     bool is_open) {
  const TcpConnection* const connection = table.tcp(conversation);
  const bool is_udp = conversation.key.ip_protocol == IpProtocol::udp;
  if (connection == nullptr && !is_udp) return;
  ++conversations;
  for (const Side side : {Side::client, Side::server}) {
    HostFacts* const host = hosts.at({.host = conversation.socket_of(side).address, .peer = {}});
    if (host == nullptr) continue;
    ++host->conversations;
    if (connection != nullptr) count_tcp(*connection, table.tcp_slabs(), side, is_open, *host);
  }
  const Socket called = conversation.socket_of(Side::server);
  const HostKey key{.host = called.address, .peer = {}, .port = called.port.value_or(0)};
  if (is_udp) {
    if (PortFacts* const port = udp_ports.at(key)) note_udp_port(table, conversation, *port);
  } else if (PortFacts* const port = tcp_ports.at(key)) {
    note_tcp_port(*connection, *port);
  }
}

}  // namespace tapdeck
