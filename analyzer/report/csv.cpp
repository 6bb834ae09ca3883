// The report as CSV: a row a connection, all columns flat, empty where there is nothing to say.
#include <array>
#include <concepts>
#include <optional>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/csv_cell.h"
#include "analyzer/report/formats.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

using Report = ConnectionReport;

std::string_view truth(bool value) { return value ? "true" : "false"; }

/// A row as it grows, cell by cell, of words that need no quotes; its memory is used again for the
/// next one.
class Row {
 public:
  void add(std::string_view word) { (x_text += word) += ','; }
  template <std::integral Number>
  void add(Number number) {
    const fmt::format_int digits(number);
    add(std::string_view(digits.data(), digits.size()));
  }
  template <class Number>
  void add(const std::optional<Number>& number) {
    number ? add(*number) : add_nothing();
  }
  void add_nothing() { add(std::string_view{}); }

  /// The whole line; the next cell begins another one. Requires: it has cells.
  [[nodiscard]] std::string_view end() {
    x_text.back() = '\r';
    x_text += '\n';
    x_line.swap(x_text);
    x_text.clear();
    return x_line;
  }

 private:
  std::string x_text, x_line;
};

void add_service(Row& row, const Socket& socket, std::uint8_t ip_protocol) {
  row.add(socket.port ? service_name(*socket.port, ip_protocol) : std::string_view{});
}

void add_class(Row& row, const Socket& socket) {
  row.add(socket.port ? word_for(port_class_of(*socket.port)) : std::string_view{});
}

void add_vlans(Row& row, const Report& report) {
  row.add(report.vlans.empty() ? std::string{} : fmt::format("{}", fmt::join(report.vlans, " ")));
}

void add_tunnels(Row& row, const Report& report) {
  std::string text;
  for (const TunnelReport& tunnel : report.tunnels) {
    if (!text.empty()) text += ' ';
    text += tunnel.type;
    if (tunnel.id) text += fmt::format(":{}", *tunnel.id);
  }
  row.add(csv_cell(text));
}

/// A column of TCP, empty for all else.
template <auto Read>
void add_of_tcp(Row& row, const Report& report) {
  report.tcp ? row.add(Read(*report.tcp)) : row.add_nothing();
}

template <auto Field>
constexpr auto of_handshake = add_of_tcp<[](const TcpReport& tcp) { return tcp.handshake.*Field; }>;

template <Side From, auto Field>
void add_of_direction(Row& row, const Report& report) {
  row.add(report.directions[index_of(From)].*Field);
}

template <Side From, auto Field>
void add_of_sender(Row& row, const Report& report) {
  const auto& tcp = report.directions[index_of(From)].tcp;
  tcp ? row.add((*tcp).*Field) : row.add_nothing();
}

template <Side From, auto Field>
void add_verdicts(Row& row, const Report& report) {
  const auto& tcp = report.directions[index_of(From)].tcp;
  tcp ? row.add(tcp->counters.*Field) : row.add_nothing();
}

template <Side From, auto Field>
void add_round_trip(Row& row, const Report& report) {
  const auto& tcp = report.directions[index_of(From)].tcp;
  tcp && tcp->round_trip ? row.add((*tcp->round_trip).*Field) : row.add_nothing();
}

void add_anomalies(Row& row, const Report& report) {
  std::string text;
  for (const AnomalyType type : report.anomaly_types) {
    if (!text.empty()) text += ' ';
    text += to_string(type);
  }
  row.add(text);
}

struct Column {
  std::string_view name;
  void (*add)(Row& row, const Report& report);
};

constexpr Side client = Side::client, server = Side::server;

constexpr std::array columns{
    Column{"id", [](Row& row, const Report& r) { row.add(r.id); }},
    Column{"community_id", [](Row& row, const Report& r) { row.add(r.community_id); }},
    Column{"protocol", [](Row& row, const Report& r) { row.add(protocol_word(r.ip_protocol)); }},
    Column{"client_address",
           [](Row& row, const Report& r) { row.add(AddressText(r.client.address)); }},
    Column{"client_port", [](Row& row, const Report& r) { row.add(r.client.port); }},
    Column{"client_service",
           [](Row& row, const Report& r) { add_service(row, r.client, r.ip_protocol); }},
    Column{"client_port_class", [](Row& row, const Report& r) { add_class(row, r.client); }},
    Column{"server_address",
           [](Row& row, const Report& r) { row.add(AddressText(r.server.address)); }},
    Column{"server_port", [](Row& row, const Report& r) { row.add(r.server.port); }},
    Column{"server_service",
           [](Row& row, const Report& r) { add_service(row, r.server, r.ip_protocol); }},
    Column{"server_port_class", [](Row& row, const Report& r) { add_class(row, r.server); }},
    Column{"client_known_by",
           [](Row& row, const Report& r) { row.add(word_for(r.client_known_by)); }},
    Column{"vlans", add_vlans},
    Column{"tunnels", add_tunnels},
    Column{"start_ns", [](Row& row, const Report& r) { row.add(r.start_ns); }},
    Column{"end_ns", [](Row& row, const Report& r) { row.add(r.end_ns); }},
    Column{"history", [](Row& row, const Report& r) { row.add(r.history); }},
    Column{"conn_state", [](Row& row, const Report& r) { row.add(r.conn_state); }},
    Column{"handshake_complete",
           add_of_tcp<[](const TcpReport& tcp) { return truth(tcp.handshake.complete); }>},
    Column{"syn_frame", of_handshake<&HandshakeReport::syn_frame>},
    Column{"synack_frame", of_handshake<&HandshakeReport::synack_frame>},
    Column{"ack_frame", of_handshake<&HandshakeReport::ack_frame>},
    Column{"rtt_ns", of_handshake<&HandshakeReport::rtt_ns>},
    Column{"client_rtt_ns", of_handshake<&HandshakeReport::client_rtt_ns>},
    Column{"server_rtt_ns", of_handshake<&HandshakeReport::server_rtt_ns>},
    Column{"client_packets", add_of_direction<client, &DirectionReport::packets>},
    Column{"client_bytes", add_of_direction<client, &DirectionReport::bytes>},
    Column{"client_payload_bytes", add_of_direction<client, &DirectionReport::payload_bytes>},
    Column{"client_unique_bytes", add_of_sender<client, &TcpDirectionReport::unique_bytes>},
    Column{"client_repeated_bytes", add_of_sender<client, &TcpDirectionReport::repeated_bytes>},
    Column{"server_packets", add_of_direction<server, &DirectionReport::packets>},
    Column{"server_bytes", add_of_direction<server, &DirectionReport::bytes>},
    Column{"server_payload_bytes", add_of_direction<server, &DirectionReport::payload_bytes>},
    Column{"server_unique_bytes", add_of_sender<server, &TcpDirectionReport::unique_bytes>},
    Column{"server_repeated_bytes", add_of_sender<server, &TcpDirectionReport::repeated_bytes>},
    Column{"client_state",
           add_of_tcp<[](const TcpReport& tcp) { return to_string(tcp.states.client); }>},
    Column{"server_state",
           add_of_tcp<[](const TcpReport& tcp) { return to_string(tcp.states.server); }>},
    Column{"teardown_kind",
           add_of_tcp<[](const TcpReport& tcp) { return word_for(tcp.teardown.kind); }>},
    Column{"teardown_by",
           add_of_tcp<[](const TcpReport& tcp) { return word_for(tcp.teardown.by); }>},
    Column{"teardown_frame", add_of_tcp<[](const TcpReport& tcp) { return tcp.teardown.frame; }>},
    Column{"half_closed",
           add_of_tcp<[](const TcpReport& tcp) { return truth(tcp.teardown.half_closed); }>},
    Column{"time_wait",
           add_of_tcp<[](const TcpReport& tcp) { return word_for(tcp.teardown.time_wait); }>},
    Column{"icmp_error_count", [](Row& row, const Report& r) { row.add(r.icmp_error_count); }},
    Column{"client_retransmissions", add_verdicts<client, &VerdictCounters::retransmissions>},
    Column{"client_retransmitted_bytes",
           add_verdicts<client, &VerdictCounters::retransmitted_octets>},
    Column{"client_spurious_retransmissions", add_verdicts<client, &VerdictCounters::spurious>},
    Column{"client_out_of_order", add_verdicts<client, &VerdictCounters::out_of_order>},
    Column{"client_duplicates", add_verdicts<client, &VerdictCounters::duplicates>},
    Column{"client_lost_upstream_bytes",
           add_verdicts<client, &VerdictCounters::lost_upstream_octets>},
    Column{"client_lost_downstream_bytes",
           add_verdicts<client, &VerdictCounters::lost_downstream_octets>},
    Column{"client_not_captured_bytes",
           add_verdicts<client, &VerdictCounters::not_captured_octets>},
    Column{"client_duplicate_acks", add_verdicts<client, &VerdictCounters::duplicate_acks>},
    Column{"client_zero_windows", add_verdicts<client, &VerdictCounters::zero_windows>},
    Column{"server_retransmissions", add_verdicts<server, &VerdictCounters::retransmissions>},
    Column{"server_retransmitted_bytes",
           add_verdicts<server, &VerdictCounters::retransmitted_octets>},
    Column{"server_spurious_retransmissions", add_verdicts<server, &VerdictCounters::spurious>},
    Column{"server_out_of_order", add_verdicts<server, &VerdictCounters::out_of_order>},
    Column{"server_duplicates", add_verdicts<server, &VerdictCounters::duplicates>},
    Column{"server_lost_upstream_bytes",
           add_verdicts<server, &VerdictCounters::lost_upstream_octets>},
    Column{"server_lost_downstream_bytes",
           add_verdicts<server, &VerdictCounters::lost_downstream_octets>},
    Column{"server_not_captured_bytes",
           add_verdicts<server, &VerdictCounters::not_captured_octets>},
    Column{"server_duplicate_acks", add_verdicts<server, &VerdictCounters::duplicate_acks>},
    Column{"server_zero_windows", add_verdicts<server, &VerdictCounters::zero_windows>},
    Column{"client_rtt_min_ns", add_round_trip<client, &RoundTripReport::min>},
    Column{"client_rtt_p50_ns", add_round_trip<client, &RoundTripReport::p50>},
    Column{"client_rtt_p95_ns", add_round_trip<client, &RoundTripReport::p95>},
    Column{"client_rtt_max_ns", add_round_trip<client, &RoundTripReport::max>},
    Column{"server_rtt_min_ns", add_round_trip<server, &RoundTripReport::min>},
    Column{"server_rtt_p50_ns", add_round_trip<server, &RoundTripReport::p50>},
    Column{"server_rtt_p95_ns", add_round_trip<server, &RoundTripReport::p95>},
    Column{"server_rtt_max_ns", add_round_trip<server, &RoundTripReport::max>},
    Column{"anomalies", add_anomalies},
};

class CsvReport final : public ReportWriter {
 public:
  explicit CsvReport(ByteSink& sink) : x_sink(sink) {}

  [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_end; }

  void begin(const Summary&) override {
    for (const Column& column : columns) x_row.add(column.name);
    x_sink.write(x_row.end());
  }

  void connection(const ConnectionReport& connection) override {
    for (const Column& column : columns) column.add(x_row, connection);
    x_sink.write(x_row.end());
  }

  void end(const Summary&) override {}

 private:
  ByteSink& x_sink;
  Row x_row;
};

}  // namespace

std::unique_ptr<ReportWriter> make_csv(ByteSink& sink, const Style&) {
  return std::make_unique<CsvReport>(sink);
}

}  // namespace tapdeck
