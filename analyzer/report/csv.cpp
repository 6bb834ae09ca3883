// The report as CSV: a row a connection, all columns flat, empty where there is nothing to say.
#include <array>
#include <optional>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/csv_cell.h"
#include "analyzer/report/formats.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

using Report = ConnectionReport;

template <class Number>
std::string number_or_empty(const std::optional<Number>& number) {
  return number ? fmt::to_string(*number) : std::string{};
}

std::string_view truth(bool value) { return value ? "true" : "false"; }

std::string socket_service(const Socket& socket, std::uint8_t ip_protocol) {
  return socket.port ? csv_cell(service_name(*socket.port, ip_protocol)) : std::string{};
}

std::string socket_class(const Socket& socket) {
  return socket.port ? std::string(word_for(port_class_of(*socket.port))) : std::string{};
}

std::string tunnels_cell(const Report& report) {
  std::string text;
  for (const TunnelReport& tunnel : report.tunnels) {
    if (!text.empty()) text += ' ';
    text += tunnel.type;
    if (tunnel.id) text += fmt::format(":{}", *tunnel.id);
  }
  return csv_cell(text);
}

/// A column of TCP, empty for all else.
template <auto Read>
std::string tcp_cell(const Report& report) {
  return report.tcp ? Read(*report.tcp) : std::string{};
}

template <auto Field>
constexpr auto handshake_number =
    tcp_cell<[](const TcpReport& tcp) { return number_or_empty(tcp.handshake.*Field); }>;

template <Side From, auto Field>
std::string direction_cell(const Report& report) {
  return fmt::to_string(report.directions[index_of(From)].*Field);
}

template <Side From, auto Field>
std::string tcp_direction_cell(const Report& report) {
  const auto& tcp = report.directions[index_of(From)].tcp;
  return tcp ? fmt::to_string((*tcp).*Field) : std::string{};
}

template <Side From, auto Field>
std::string verdict_cell(const Report& report) {
  const auto& tcp = report.directions[index_of(From)].tcp;
  return tcp ? fmt::to_string(tcp->counters.*Field) : std::string{};
}

template <Side From, auto Field>
std::string round_trip_cell(const Report& report) {
  const auto& tcp = report.directions[index_of(From)].tcp;
  return tcp && tcp->round_trip ? fmt::to_string((*tcp->round_trip).*Field) : std::string{};
}

std::string anomalies_cell(const Report& report) {
  std::string text;
  for (const AnomalyType type : report.anomaly_types) {
    if (!text.empty()) text += ' ';
    text += to_string(type);
  }
  return text;
}

struct Column {
  std::string_view name;
  std::string (*cell)(const Report& report);
};

constexpr Side client = Side::client, server = Side::server;

constexpr std::array columns{
    Column{"id", [](const Report& r) { return fmt::to_string(r.id); }},
    Column{"community_id", [](const Report& r) { return csv_cell(r.community_id); }},
    Column{"protocol", [](const Report& r) { return protocol_word(r.ip_protocol); }},
    Column{"client_address", [](const Report& r) { return to_string(r.client.address); }},
    Column{"client_port", [](const Report& r) { return number_or_empty(r.client.port); }},
    Column{"client_service",
           [](const Report& r) { return socket_service(r.client, r.ip_protocol); }},
    Column{"client_port_class", [](const Report& r) { return socket_class(r.client); }},
    Column{"server_address", [](const Report& r) { return to_string(r.server.address); }},
    Column{"server_port", [](const Report& r) { return number_or_empty(r.server.port); }},
    Column{"server_service",
           [](const Report& r) { return socket_service(r.server, r.ip_protocol); }},
    Column{"server_port_class", [](const Report& r) { return socket_class(r.server); }},
    Column{"client_known_by",
           [](const Report& r) { return std::string(word_for(r.client_known_by)); }},
    Column{"vlans", [](const Report& r) { return fmt::format("{}", fmt::join(r.vlans, " ")); }},
    Column{"tunnels", tunnels_cell},
    Column{"start_ns", [](const Report& r) { return fmt::to_string(r.start_ns); }},
    Column{"end_ns", [](const Report& r) { return fmt::to_string(r.end_ns); }},
    Column{"history", [](const Report& r) { return csv_cell(r.history); }},
    Column{"conn_state", [](const Report& r) { return csv_cell(r.conn_state); }},
    Column{
        "handshake_complete",
        tcp_cell<[](const TcpReport& tcp) { return std::string(truth(tcp.handshake.complete)); }>},
    Column{"syn_frame", handshake_number<&HandshakeReport::syn_frame>},
    Column{"synack_frame", handshake_number<&HandshakeReport::synack_frame>},
    Column{"ack_frame", handshake_number<&HandshakeReport::ack_frame>},
    Column{"rtt_ns", handshake_number<&HandshakeReport::rtt_ns>},
    Column{"client_rtt_ns", handshake_number<&HandshakeReport::client_rtt_ns>},
    Column{"server_rtt_ns", handshake_number<&HandshakeReport::server_rtt_ns>},
    Column{"client_packets", direction_cell<client, &DirectionReport::packets>},
    Column{"client_bytes", direction_cell<client, &DirectionReport::bytes>},
    Column{"client_payload_bytes", direction_cell<client, &DirectionReport::payload_bytes>},
    Column{"client_unique_bytes", tcp_direction_cell<client, &TcpDirectionReport::unique_bytes>},
    Column{"client_repeated_bytes",
           tcp_direction_cell<client, &TcpDirectionReport::repeated_bytes>},
    Column{"server_packets", direction_cell<server, &DirectionReport::packets>},
    Column{"server_bytes", direction_cell<server, &DirectionReport::bytes>},
    Column{"server_payload_bytes", direction_cell<server, &DirectionReport::payload_bytes>},
    Column{"server_unique_bytes", tcp_direction_cell<server, &TcpDirectionReport::unique_bytes>},
    Column{"server_repeated_bytes",
           tcp_direction_cell<server, &TcpDirectionReport::repeated_bytes>},
    Column{
        "client_state",
        tcp_cell<[](const TcpReport& tcp) { return std::string(to_string(tcp.states.client)); }>},
    Column{
        "server_state",
        tcp_cell<[](const TcpReport& tcp) { return std::string(to_string(tcp.states.server)); }>},
    Column{"teardown_kind",
           tcp_cell<[](const TcpReport& tcp) { return std::string(word_for(tcp.teardown.kind)); }>},
    Column{"teardown_by",
           tcp_cell<[](const TcpReport& tcp) { return std::string(word_for(tcp.teardown.by)); }>},
    Column{"teardown_frame",
           tcp_cell<[](const TcpReport& tcp) { return number_or_empty(tcp.teardown.frame); }>},
    Column{"half_closed", tcp_cell<[](const TcpReport& tcp) {
             return std::string(truth(tcp.teardown.half_closed));
           }>},
    Column{"time_wait", tcp_cell<[](const TcpReport& tcp) {
             return std::string(word_for(tcp.teardown.time_wait));
           }>},
    Column{"icmp_error_count", [](const Report& r) { return fmt::to_string(r.icmp_error_count); }},
    Column{"client_retransmissions", verdict_cell<client, &VerdictCounters::retransmissions>},
    Column{"client_retransmitted_bytes",
           verdict_cell<client, &VerdictCounters::retransmitted_octets>},
    Column{"client_spurious_retransmissions", verdict_cell<client, &VerdictCounters::spurious>},
    Column{"client_out_of_order", verdict_cell<client, &VerdictCounters::out_of_order>},
    Column{"client_duplicates", verdict_cell<client, &VerdictCounters::duplicates>},
    Column{"client_lost_upstream_bytes",
           verdict_cell<client, &VerdictCounters::lost_upstream_octets>},
    Column{"client_lost_downstream_bytes",
           verdict_cell<client, &VerdictCounters::lost_downstream_octets>},
    Column{"client_not_captured_bytes",
           verdict_cell<client, &VerdictCounters::not_captured_octets>},
    Column{"client_duplicate_acks", verdict_cell<client, &VerdictCounters::duplicate_acks>},
    Column{"client_zero_windows", verdict_cell<client, &VerdictCounters::zero_windows>},
    Column{"server_retransmissions", verdict_cell<server, &VerdictCounters::retransmissions>},
    Column{"server_retransmitted_bytes",
           verdict_cell<server, &VerdictCounters::retransmitted_octets>},
    Column{"server_spurious_retransmissions", verdict_cell<server, &VerdictCounters::spurious>},
    Column{"server_out_of_order", verdict_cell<server, &VerdictCounters::out_of_order>},
    Column{"server_duplicates", verdict_cell<server, &VerdictCounters::duplicates>},
    Column{"server_lost_upstream_bytes",
           verdict_cell<server, &VerdictCounters::lost_upstream_octets>},
    Column{"server_lost_downstream_bytes",
           verdict_cell<server, &VerdictCounters::lost_downstream_octets>},
    Column{"server_not_captured_bytes",
           verdict_cell<server, &VerdictCounters::not_captured_octets>},
    Column{"server_duplicate_acks", verdict_cell<server, &VerdictCounters::duplicate_acks>},
    Column{"server_zero_windows", verdict_cell<server, &VerdictCounters::zero_windows>},
    Column{"client_rtt_min_ns", round_trip_cell<client, &RoundTripReport::min>},
    Column{"client_rtt_p50_ns", round_trip_cell<client, &RoundTripReport::p50>},
    Column{"client_rtt_p95_ns", round_trip_cell<client, &RoundTripReport::p95>},
    Column{"client_rtt_max_ns", round_trip_cell<client, &RoundTripReport::max>},
    Column{"server_rtt_min_ns", round_trip_cell<server, &RoundTripReport::min>},
    Column{"server_rtt_p50_ns", round_trip_cell<server, &RoundTripReport::p50>},
    Column{"server_rtt_p95_ns", round_trip_cell<server, &RoundTripReport::p95>},
    Column{"server_rtt_max_ns", round_trip_cell<server, &RoundTripReport::max>},
    Column{"anomalies", anomalies_cell},
};

class CsvReport final : public ReportWriter {
 public:
  explicit CsvReport(ByteSink& sink) : x_sink(sink) {}

  [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_end; }

  void begin(const Summary&) override {
    write_row([](const Column& column) { return std::string(column.name); });
  }

  void connection(const ConnectionReport& connection) override {
    write_row([&](const Column& column) { return column.cell(connection); });
  }

  void end(const Summary&) override {}

 private:
  template <class Cell>
  void write_row(Cell cell) {
    std::string row;
    for (const Column& column : columns) {
      if (&column != columns.data()) row += ',';
      row += cell(column);
    }
    x_sink.write(row + "\r\n");
  }

  ByteSink& x_sink;
};

}  // namespace

std::unique_ptr<ReportWriter> make_csv(ByteSink& sink, const Style&) {
  return std::make_unique<CsvReport>(sink);
}

}  // namespace tapdeck
