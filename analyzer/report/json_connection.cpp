// One connection as JSON.
#include "analyzer/report/json_objects.h"
#include "analyzer/report/words.h"

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
  json.member("address", to_string(socket.address));
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

void write_direction(JsonOutput& json, std::string_view name, const DirectionReport& direction) {
  json.key(name);
  json.begin_object();
  json.member("packets", direction.packets);
  json.member("bytes", direction.bytes);
  json.member("payload_bytes", direction.payload_bytes);
  if (direction.tcp) {
    json.member("unique_bytes", direction.tcp->unique_bytes);
    json.member("repeated_bytes", direction.tcp->repeated_bytes);
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
    json.member("from", to_string(error.from));
    json.member("type", error.type);
    json.member("code", error.code);
    json.member("meaning", icmp_meaning(error));
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
  json.end_object();
}

}  // namespace tapdeck
