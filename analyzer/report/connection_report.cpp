#include "analyzer/report/connection_report.h"

#include <algorithm>
#include <span>

#include "analyzer/report/community_id.h"
#include "dissectors/ip_protocol.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

std::string community_id_of(const Conversation& conversation, const ConnectionReport& report) {
  CommunityIdFlow flow{.source = report.client.address,
                       .destination = report.server.address,
                       .source_port = report.client.port.value_or(0),
                       .destination_port = report.server.port.value_or(0),
                       .ip_protocol = report.ip_protocol,
                       .has_ports = report.client.port.has_value()};
  if (IpProtocol::is_icmp(report.ip_protocol)) {
    flow.source_port = conversation.details->icmp_type;
    flow.destination_port = conversation.details->icmp_code;
    flow.has_ports = true;
  }
  return community_id(flow);
}

std::optional<std::uint32_t> isn_of(const TcpEndpoint& endpoint) {
  if (!endpoint.send.has_iss()) return std::nullopt;
  return endpoint.send.iss().value;
}

HandshakeReport handshake_report(const TcpConnection& connection) {
  const Handshake& handshake = connection.handshake();
  return {.complete = handshake.complete(),
          .syn_frame = handshake.syn_frame(),
          .synack_frame = handshake.synack_frame(),
          .ack_frame = handshake.ack_frame(),
          .client_isn = isn_of(connection.endpoint(Side::client)),
          .server_isn = isn_of(connection.endpoint(Side::server)),
          .client_options = handshake.client_options(),
          .server_options = handshake.server_options(),
          .agreed = handshake.agreed(),
          .rtt_ns = handshake.rtt_ns(),
          .client_rtt_ns = handshake.client_rtt_ns(),
          .server_rtt_ns = handshake.server_rtt_ns()};
}

StatesReport states_report(const TcpConnection& connection, const TcpSlabs& slabs) {
  StatesReport report;
  report.client = connection.states().of(Side::client).state;
  report.server = connection.states().of(Side::server).state;
  connection.states().log().for_each(slabs.changes, [&](const StateChange& change) {
    report.changes.push_back({.frame = change.frame,
                              .confirmed_frame = change.confirmed_frame,
                              .time_ns = change.time_ns,
                              .side = change.side,
                              .from = change.from,
                              .to = change.to,
                              .reason = change.reason});
  });
  report.changes_dropped = connection.states().log().dropped();
  return report;
}

TeardownBy by_side(std::optional<Side> side) {
  if (!side) return TeardownBy::nobody;
  return *side == Side::client ? TeardownBy::client : TeardownBy::server;
}

TeardownBy left_in_time_wait(const StatesReport& states) {
  bool client = false;
  bool server = false;
  for (const StateChangeReport& change : states.changes) {
    if (change.to != TcpState::time_wait) continue;
    (change.side == Side::client ? client : server) = true;
  }
  if (client && server) return TeardownBy::both;
  if (!client && !server) return TeardownBy::nobody;
  return client ? TeardownBy::client : TeardownBy::server;
}

TeardownReport teardown_report(const Teardown& teardown, const StatesReport& states) {
  TeardownReport report{.kind = teardown.kind,
                        .by = teardown.crossed ? TeardownBy::both : by_side(teardown.by),
                        .frame = std::nullopt,
                        .half_closed = teardown.half_closed,
                        .time_wait = left_in_time_wait(states)};
  if (teardown.at.frame != 0) report.frame = teardown.at.frame;
  return report;
}

/// Neither seen here nor held by the receiver, who asks for them: they never came this far.
MissingReport missing_report(const MissingRange& range, SeqNum base) {
  using enum MissingReport::Fate;
  MissingReport report{.begin = range.begin.value - base.value,
                       .bytes = range.end.value - range.begin.value,
                       .fate = unknown,
                       .first_frame = range.opener.frame};
  std::uint64_t evidence_frame = range.evidence_frame;
  if (range.opener.delivered) {
    report.fate = not_captured;
    if (evidence_frame == 0) evidence_frame = range.opener.frame;
  } else if (evidence_frame != 0) {
    report.fate = lost_upstream;
  }
  if (evidence_frame != 0) report.evidence_frame = evidence_frame;
  return report;
}

void add_missing(TcpDirectionReport& report, const SendSpace& sent, const TcpSlabs& slabs) {
  constexpr std::size_t most = 32;
  const SeqNum base = sent.has_iss() ? sent.iss() : sent.lowest();
  sent.missing().for_each(slabs.missing, [&](const MissingRange& range) {
    ++report.missing_ranges;
    if (report.missing.size() == most) return;
    report.missing.push_back(missing_report(range, base));
  });
}

TcpDirectionReport tcp_direction_report(const TcpEndpoint& endpoint, const Transfer* transfer,
                                        const TcpSlabs& slabs) {
  TcpDirectionReport report;
  report.unique_bytes = endpoint.unique_octets;
  report.repeated_bytes = endpoint.repeated_octets;
  add_missing(report, endpoint.send, slabs);
  if (transfer == nullptr) return report;
  if (transfer->counters != no_slab_index) report.counters = slabs.counters[transfer->counters];
  if (const RoundTrip& rtt = transfer->round_trip; rtt.samples() != 0) {
    report.round_trip = {.min = rtt.least(),
                         .p50 = rtt.median(),
                         .p95 = rtt.percentile_95(),
                         .max = rtt.greatest(),
                         .samples = rtt.samples()};
  }
  const FlightTimes& flight = transfer->flight;
  report.in_flight = {.greatest_bytes = flight.greatest_flight,
                      .greatest_window_bytes = flight.greatest_window,
                      .time_ns = flight.in_flight_ns,
                      .receiver_limited_ns = flight.receiver_limited_ns,
                      .recovering_ns = flight.recovering_ns};
  return report;
}

void add_tcp(ConnectionReport& report, const TcpConnection& connection, const TcpSlabs& slabs) {
  for (const Side side : {Side::client, Side::server}) {
    const TcpEndpoint& endpoint = connection.endpoint(side);
    report.directions[index_of(side)].tcp =
        tcp_direction_report(endpoint, connection.judge().sent_by(slabs, side), slabs);
  }
  TcpReport tcp{.handshake = handshake_report(connection),
                .states = states_report(connection, slabs),
                .teardown = {}};
  tcp.teardown = teardown_report(connection.states().teardown(), tcp.states);
  report.history = connection.history().letters();
  const bool without_payload = connection.endpoint(Side::client).unique_octets == 0 &&
                               connection.endpoint(Side::server).unique_octets == 0;
  report.conn_state =
      zeek_tcp_conn_state(connection.zeek(Side::client), connection.zeek(Side::server),
                          report.history, without_payload);
  report.tcp = std::move(tcp);
}

/// Zeek notes nothing of a UDP flow but who sent: D and d, in the order of first packets.
void add_datagram_history(ConnectionReport& report, const Conversation& conversation) {
  const bool client_sent = report.directions[0].packets != 0;
  const bool server_sent = report.directions[1].packets != 0;
  if (conversation.details->flipped) {
    report.history = client_sent ? "^dD" : "^d";
  } else {
    report.history = server_sent ? "Dd" : "D";
  }
  report.conn_state = IpProtocol::is_icmp(report.ip_protocol)
                          ? "OTH"
                          : zeek_datagram_conn_state(client_sent, server_sent);
}

std::optional<std::uint32_t> mtu_of(const IcmpNotice& notice) {
  return notice.mtu == 0 ? std::nullopt : std::optional(notice.mtu);
}

void add_icmp_errors(ConnectionReport& report, const IcmpErrors& errors) {
  report.icmp_error_count = errors.count;
  const std::size_t kept = std::min<std::size_t>(errors.count, errors.entries.size());
  for (const IcmpErrors::Entry& error : std::span(errors.entries).first(kept)) {
    report.icmp_errors.push_back({.frame = error.frame,
                                  .time_ns = error.time_ns,
                                  .from = error.notice.from,
                                  .version = error.notice.version,
                                  .type = error.notice.type,
                                  .code = error.notice.code,
                                  .mtu = mtu_of(error.notice)});
  }
}

}  // namespace

ConnectionReport make_connection_report(const FlowTable& table, const Conversation& conversation,
                                        const TunnelStacks& tunnels) {
  ConnectionReport report;
  report.id = conversation.first_frame;
  report.ended_frame = conversation.details->ended_frame;
  report.ip_protocol = conversation.key.ip_protocol;
  report.client = conversation.socket_of(Side::client);
  report.server = conversation.socket_of(Side::server);
  report.client_known_by = conversation.details->client_known_by;
  report.vlans.assign(conversation.details->vlans.begin(),
                      conversation.details->vlans.begin() + conversation.details->vlan_count);
  for (const TunnelId& tunnel : tunnels.stack(conversation.details->tunnels)) {
    report.tunnels.push_back({name_of(tunnel.protocol), tunnel.id});
  }
  report.start_ns = conversation.details->start_ns;
  report.end_ns = conversation.end_ns;
  for (const Side side : {Side::client, Side::server}) {
    const Traffic& traffic = conversation.details->traffic[index_of(side)];
    report.directions[index_of(side)] = {.packets = traffic.packets,
                                         .bytes = traffic.frame_octets,
                                         .payload_bytes = traffic.payload_octets,
                                         .tcp = std::nullopt};
  }
  report.community_id = community_id_of(conversation, report);
  if (const TcpConnection* connection = table.tcp(conversation)) {
    add_tcp(report, *connection, table.tcp_slabs());
  } else {
    add_datagram_history(report, conversation);
  }
  if (const IcmpErrors* errors = table.icmp_errors(conversation)) add_icmp_errors(report, *errors);
  return report;
}

}  // namespace tapdeck
