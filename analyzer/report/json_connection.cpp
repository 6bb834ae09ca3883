// One connection as JSON.
#include <array>

#include "analyzer/report/json_objects.h"
#include "analyzer/report/words.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

/// An empty word is null: nobody, nothing registered, none of that protocol.
void write_word(JsonOutput& json, std::string_view name, std::string_view word) {
  json.key(name);
  if (word.empty()) {
    json.null();
  } else {
    json.value(word);
  }
}

void write_socket(JsonOutput& json, std::string_view name, const Socket& socket,
                  std::uint8_t ip_protocol) {
  const std::uint16_t port = socket.port.value_or(0);
  json.key(name);
  json.begin_object();
  json.member("address", AddressText(socket.address));
  json.member("port", socket.port);
  write_word(json, "service", socket.port ? service_name(port, ip_protocol) : std::string_view{});
  write_word(json, "port_class", socket.port ? word_for(port_class_of(port)) : std::string_view{});
  json.end_object();
}

void write_paths(JsonOutput& json, const ConnectionReport& connection) {
  json.key("vlans");
  json.begin_array();
  for (const std::uint16_t vlan : connection.vlans) json.value(std::uint64_t{vlan});
  json.end_array();
  json.key("tunnels");
  json.begin_array();
  for (const TunnelReport& tunnel : connection.tunnels) {
    json.begin_object();
    json.member("type", tunnel.type);
    json.member("id", tunnel.id);
    json.end_object();
  }
  json.end_array();
}

void write_options(JsonOutput& json, std::string_view name,
                   const std::optional<SynOptions>& options) {
  json.key(name);
  if (!options) {
    json.null();
    return;
  }
  json.begin_object();
  json.member("maximum_segment_size", options->maximum_segment_size);
  json.member("window_scale", options->window_scale);
  json.member("sack_permitted", options->sack_permitted);
  json.member("timestamps", options->timestamps);
  json.member("fast_open", options->fast_open);
  json.member("multipath", options->multipath);
  json.end_object();
}

void write_agreed(JsonOutput& json, const std::optional<AgreedOptions>& agreed) {
  json.key("agreed_options");
  if (!agreed) {
    json.null();
    return;
  }
  json.begin_object();
  json.member("window_scale", agreed->window_scale);
  json.member("sack", agreed->sack);
  json.member("timestamps", agreed->timestamps);
  json.end_object();
}

void write_handshake(JsonOutput& json, const HandshakeReport& handshake) {
  json.key("handshake");
  json.begin_object();
  json.member("complete", handshake.complete);
  json.member("syn_frame", handshake.syn_frame);
  json.member("synack_frame", handshake.synack_frame);
  json.member("ack_frame", handshake.ack_frame);
  json.member("rtt_ns", handshake.rtt_ns);
  json.member("client_rtt_ns", handshake.client_rtt_ns);
  json.member("server_rtt_ns", handshake.server_rtt_ns);
  json.member("client_isn", handshake.client_isn);
  json.member("server_isn", handshake.server_isn);
  write_options(json, "client_options", handshake.client_options);
  write_options(json, "server_options", handshake.server_options);
  write_agreed(json, handshake.agreed);
  json.end_object();
}

void write_verdict_counters(JsonOutput& json, const VerdictCounters& counters) {
  json.member("retransmitted_bytes", counters.retransmitted_octets);
  json.member("retransmissions", counters.retransmissions);
  json.key("retransmission_triggers");
  json.begin_object();
  for (std::size_t i = 1; i < trigger_count; ++i) {
    json.member(to_string(static_cast<Trigger>(i)), counters.triggers[i]);
  }
  json.end_object();
  json.member("spurious_retransmissions", counters.spurious);
  json.member("out_of_order", counters.out_of_order);
  json.member("duplicates", counters.duplicates);
  json.member("keep_alives", counters.keep_alives);
  json.member("window_probes", counters.window_probes);
  json.member("lost_upstream_bytes", counters.lost_upstream_octets);
  json.member("lost_downstream_bytes", counters.lost_downstream_octets);
  json.member("not_captured_bytes", counters.not_captured_octets);
  json.member("duplicate_acks", counters.duplicate_acks);
  json.member("zero_windows", counters.zero_windows);
}

void write_missing(JsonOutput& json, const TcpDirectionReport& direction) {
  json.key("missing");
  json.begin_array();
  for (const MissingReport& missing : direction.missing) {
    json.begin_object();
    json.member("begin", missing.begin);
    json.member("bytes", missing.bytes);
    json.member("fate", word_for(missing.fate));
    json.member("first_frame", missing.first_frame);
    json.member("evidence_frame", missing.evidence_frame);
    json.end_object();
  }
  json.end_array();
  json.member("missing_ranges", direction.missing_ranges);
}

void write_round_trip(JsonOutput& json, const std::optional<RoundTripReport>& round_trip) {
  json.key("rtt_ns");
  if (!round_trip) {
    json.null();
    return;
  }
  json.begin_object();
  json.member("min", round_trip->min);
  json.member("p50", round_trip->p50);
  json.member("p95", round_trip->p95);
  json.member("max", round_trip->max);
  json.member("samples", round_trip->samples);
  json.end_object();
}

void write_in_flight(JsonOutput& json, const InFlightReport& flight) {
  json.key("in_flight");
  json.begin_object();
  json.member("greatest_bytes", flight.greatest_bytes);
  json.member("greatest_window_bytes", flight.greatest_window_bytes);
  json.member("time_ns", flight.time_ns);
  json.member("receiver_limited_ns", flight.receiver_limited_ns);
  json.member("receiver_limited_percent", percent_of(flight.receiver_limited_ns, flight.time_ns));
  json.member("recovering_ns", flight.recovering_ns);
  json.member("recovering_percent", percent_of(flight.recovering_ns, flight.time_ns));
  json.end_object();
}

void write_direction(JsonOutput& json, std::string_view name, const DirectionReport& direction) {
  json.key(name);
  json.begin_object();
  json.member("packets", direction.packets);
  json.member("bytes", direction.bytes);
  json.member("payload_bytes", direction.payload_bytes);
  if (direction.tcp) {
    json.member("unique_bytes", direction.tcp->unique_bytes);
    json.member("repeated_bytes", direction.tcp->repeated_bytes);
    write_verdict_counters(json, direction.tcp->counters);
    write_missing(json, *direction.tcp);
    write_round_trip(json, direction.tcp->round_trip);
    write_in_flight(json, direction.tcp->in_flight);
  }
  json.end_object();
}

void write_states(JsonOutput& json, const StatesReport& states) {
  json.key("states");
  json.begin_object();
  json.member("client", to_string(states.client));
  json.member("server", to_string(states.server));
  json.key("changes");
  json.begin_array();
  for (const StateChangeReport& change : states.changes) {
    json.begin_object();
    json.member("frame", change.frame);
    if (change.confirmed_frame != 0) json.member("confirmed_frame", change.confirmed_frame);
    json.member("time_ns", change.time_ns);
    json.member("side", word_for(change.side));
    json.member("from", to_string(change.from));
    json.member("to", to_string(change.to));
    json.member("reason", to_string(change.reason));
    json.end_object();
  }
  json.end_array();
  if (states.changes_dropped != 0) json.member("changes_dropped", states.changes_dropped);
  json.end_object();
}

void write_teardown(JsonOutput& json, const TeardownReport& teardown) {
  json.key("teardown");
  json.begin_object();
  json.member("kind", word_for(teardown.kind));
  write_word(json, "by", word_for(teardown.by));
  json.member("frame", teardown.frame);
  json.member("half_closed", teardown.half_closed);
  write_word(json, "time_wait", word_for(teardown.time_wait));
  json.end_object();
}

void write_icmp_errors(JsonOutput& json, const ConnectionReport& connection) {
  json.key("icmp_errors");
  json.begin_array();
  for (const IcmpErrorReport& error : connection.icmp_errors) {
    json.begin_object();
    json.member("frame", error.frame);
    json.member("time_ns", error.time_ns);
    json.member("from", AddressText(error.from));
    json.member("type", error.type);
    json.member("code", error.code);
    json.member("meaning", icmp_meaning(error.version, error.type, error.code));
    json.member("mtu", error.mtu);
    json.end_object();
  }
  json.end_array();
  json.member("icmp_error_count", connection.icmp_error_count);
}

}  // namespace

void write_json_connection(JsonOutput& json, const ConnectionReport& connection) {
  json.begin_object();
  json.member("id", connection.id);
  write_word(json, "community_id", connection.community_id);
  json.member("protocol", protocol_word(connection.ip_protocol));
  write_socket(json, "client", connection.client, connection.ip_protocol);
  write_socket(json, "server", connection.server, connection.ip_protocol);
  json.member("client_known_by", word_for(connection.client_known_by));
  write_paths(json, connection);
  json.member("start_ns", connection.start_ns);
  json.member("end_ns", connection.end_ns);
  json.member("history", connection.history);
  write_word(json, "conn_state", connection.conn_state);
  if (connection.tcp) write_handshake(json, connection.tcp->handshake);
  write_direction(json, "client_to_server", connection.directions[index_of(Side::client)]);
  write_direction(json, "server_to_client", connection.directions[index_of(Side::server)]);
  if (connection.tcp) {
    write_states(json, connection.tcp->states);
    write_teardown(json, connection.tcp->teardown);
  }
  write_icmp_errors(json, connection);
  json.key("anomalies");
  json.begin_array();
  for (const std::uint64_t index : connection.anomalies) json.value(index);
  json.end_array();
  json.end_object();
}

}  // namespace tapdeck
