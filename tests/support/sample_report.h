// Reports made by hand, for tests of the formats.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <arpa/inet.h>

#include "analyzer/report/writer.h"

namespace tapdeck::test {

inline IpAddress address(const std::string& text) {
  IpAddress result;
  result.version = text.find(':') == std::string::npos ? 4 : 6;
  inet_pton(result.version == 4 ? AF_INET : AF_INET6, text.c_str(), result.octets.data());
  return result;
}

inline Socket socket_at(const std::string& host, std::optional<std::uint16_t> port = {}) {
  return {.address = address(host), .port = port};
}

inline constexpr std::int64_t noon = 1'709'208'000'000'000'000;  // 2024-02-29T12:00:00Z

/// HTTP over a whole connection that the client closed first.
inline ConnectionReport web_connection() {
  ConnectionReport report;
  report.id = 1;
  report.ended_frame = 11;
  report.community_id = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
  report.ip_protocol = 6;
  report.client = socket_at("10.0.0.1", 49'152);
  report.server = socket_at("10.0.0.2", 80);
  report.client_known_by = ClientKnownBy::syn;
  report.start_ns = noon;
  report.end_ns = noon + 1'024'000'000;
  report.history = "ShADadFf";
  report.conn_state = "SF";
  report.directions[0] = {.packets = 6,
                          .bytes = 512,
                          .payload_bytes = 100,
                          .tcp = TcpDirectionReport{.unique_bytes = 100, .repeated_bytes = 0}};
  report.directions[1] = {.packets = 5,
                          .bytes = 3'120,
                          .payload_bytes = 2'800,
                          .tcp = TcpDirectionReport{.unique_bytes = 2'700, .repeated_bytes = 100}};
  TcpReport tcp;
  tcp.handshake = {.complete = true,
                   .syn_frame = 1,
                   .synack_frame = 2,
                   .ack_frame = 3,
                   .client_isn = 4'000'000'000,
                   .server_isn = 7,
                   .client_options = SynOptions{.maximum_segment_size = 1'460,
                                                .window_scale = 7,
                                                .sack_permitted = true,
                                                .timestamps = true},
                   .server_options = SynOptions{.maximum_segment_size = 1'460, .window_scale = {}},
                   .agreed = AgreedOptions{},
                   .rtt_ns = 20'135'000,
                   .client_rtt_ns = 135'000,
                   .server_rtt_ns = 20'000'000};
  tcp.states.client = TcpState::time_wait;
  tcp.states.server = TcpState::closed;
  tcp.states.changes = {{.frame = 1,
                         .confirmed_frame = 1,
                         .time_ns = noon,
                         .side = Side::client,
                         .from = TcpState::closed,
                         .to = TcpState::syn_sent,
                         .reason = StateChangeReason::sent_syn}};
  tcp.teardown = {.kind = TeardownKind::fin,
                  .by = TeardownBy::client,
                  .frame = 8,
                  .half_closed = false,
                  .time_wait = TeardownBy::client};
  report.tcp = tcp;
  return report;
}

/// A question over IPv6 that nobody answered but a router.
inline ConnectionReport dns_flow() {
  ConnectionReport report;
  report.id = 12;
  report.ended_frame = 13;
  report.ip_protocol = 17;
  report.client = socket_at("2001:db8:1234:5678:9abc:def0:1234:5678", 65'535);
  report.server = socket_at("2001:db8:ffff:ffff:ffff:ffff:ffff:fff1", 53);
  report.client_known_by = ClientKnownBy::port;
  report.vlans = {10, 20};
  report.tunnels = {{.type = "vxlan", .id = 42}, {.type = "gre", .id = std::nullopt}};
  report.start_ns = report.end_ns = -1;
  report.history = "D";
  report.conn_state = "S0";
  report.directions[0] = {.packets = 1, .bytes = 90, .payload_bytes = 28, .tcp = std::nullopt};
  report.icmp_errors = {{.frame = 13,
                         .time_ns = 0,
                         .from = address("2001:db8::1"),
                         .version = 6,
                         .type = 1,
                         .code = 4,
                         .mtu = std::nullopt}};
  report.icmp_error_count = 1;
  return report;
}

inline ConnectionReport ping_flow() {
  ConnectionReport report;
  report.id = 14;
  report.ended_frame = 15;
  report.ip_protocol = 1;
  report.client = socket_at("10.0.0.1");
  report.server = socket_at("10.0.0.2");
  report.client_known_by = ClientKnownBy::first_sender;
  report.start_ns = noon;
  report.end_ns = noon + 301'250;
  report.history = "Dd";
  report.conn_state = "OTH";
  report.directions[0] = {.packets = 1, .bytes = 98, .payload_bytes = 64, .tcp = std::nullopt};
  report.directions[1] = {.packets = 1, .bytes = 98, .payload_bytes = 64, .tcp = std::nullopt};
  return report;
}

inline CaptureInfo web_capture() {
  CaptureInfo capture;
  capture.file = "web.pcap";
  capture.format = FileFormat::pcap;
  capture.link_types = {LinkType::ethernet};
  capture.packets = 15;
  capture.bytes = 3'918;
  capture.first_ns = -1;
  capture.last_ns = noon + 1'024'000'000;
  capture.complete = true;
  capture.interfaces = {{.name = {},
                         .description = {},
                         .filter = {},
                         .link_type = LinkType::ethernet,
                         .snap_length = 262'144,
                         .time_digits = 6,
                         .packets = 15,
                         .statistics = {}}};
  return capture;
}

inline Summary web_summary() {
  Summary summary;
  summary.captures = {web_capture()};
  summary.totals.packets = 15;
  summary.totals.bytes = 3'918;
  summary.totals.first_ns = -1;
  summary.totals.last_ns = noon + 1'024'000'000;
  summary.totals.tcp_connections = 1;
  summary.totals.udp_flows = 1;
  summary.totals.other_flows = 1;
  summary.totals.tcp_packets = 11;
  summary.totals.udp_packets = 1;
  summary.totals.icmp = 3;
  return summary;
}

/// Bytes that mean something to terminals, spreadsheets and JSON readers, and some that are
/// nothing.
inline const std::string hostile =
    "=cmd|' /C calc'!A0\x1b]0;owned\x07\x9b"
    "2J\xe2\x80\xae\xc2\x9b\r\n\"\\\xff\xc0\x80\xed\xa0\x80 \xe6\xbc\xa2";

/// Everything that a report can say, most of it hostile or as large as it can be.
inline Summary extreme_summary() {
  constexpr std::uint64_t most = UINT64_MAX;
  Summary summary;
  CaptureInfo capture = web_capture();
  capture.file = hostile + std::string(300, 'x');
  capture.format = FileFormat::pcapng;
  capture.compression = Compression::zstd;
  capture.link_types = {LinkType::ethernet, static_cast<LinkType>(65'535), LinkType::linux_sll2};
  capture.packets = capture.bytes = most;
  capture.first_ns = INT64_MIN;
  capture.last_ns = INT64_MAX;
  capture.complete = false;
  capture.faults = {{.kind = CaptureFaultKind::cut_short,
                     .offset = most,
                     .packets_before = 12,
                     .needed = most,
                     .available = 16,
                     .detail = hostile}};
  capture.hardware = capture.operating_system = capture.application = hostile;
  capture.interfaces = {{.name = hostile,
                         .description = hostile,
                         .filter = hostile,
                         .link_type = LinkType::ethernet,
                         .snap_length = 0,
                         .time_digits = 9,
                         .packets = most,
                         .statistics = {.received = most,
                                        .dropped_by_interface = 0,
                                        .accepted_by_filter = most,
                                        .dropped_by_system = most,
                                        .delivered = most}}};
  capture.comments = {hostile, hostile, hostile, hostile};
  capture.packet_comments = {{.packet_number = most, .text = hostile}};
  capture.names = {{.address = "10.0.0.1", .name = hostile}};
  capture.oddities.texts_dropped = most;
  CaptureInfo broken;
  broken.file = "-";
  broken.faults = {{.kind = CaptureFaultKind::not_a_capture,
                    .offset = 0,
                    .packets_before = 0,
                    .needed = 0,
                    .available = 0,
                    .detail = "starts with \"hello\""}};
  summary.captures = {capture, broken};
  summary.hygiene = {.duplicate_frames = most,
                     .timestamps_backwards = most,
                     .truncated_packets = 1,
                     .bad_checksums = most,
                     .offloaded_checksums = most,
                     .dropped_by_capture = most,
                     .captured_over_snap_length = most,
                     .captured_over_wire_length = most,
                     .zero_length_packets = most,
                     .subsecond_overflows = most,
                     .unknown_blocks = most,
                     .packets_without_time = most,
                     .incomplete_datagrams = most,
                     .fragment_overlaps = most,
                     .fragment_conflicts = most,
                     .connections_shed = most,
                     .shed_attempts = 1,
                     .shed_over = 2,
                     .shed_idle = 3,
                     .shed_open = 4,
                     .details_dropped = most};
  summary.totals = {.packets = most,
                    .bytes = most,
                    .first_ns = INT64_MIN,
                    .last_ns = INT64_MAX,
                    .tcp_connections = most / 4,
                    .udp_flows = most / 4,
                    .other_flows = most / 4,
                    .tcp_packets = most,
                    .udp_packets = most,
                    .icmp = most,
                    .arp = most,
                    .other = most,
                    .malformed = most,
                    .ip_fragments = most,
                    .undissected = {{.link_type = static_cast<LinkType>(65'535), .packets = most}}};
  summary.filtered = true;
  return summary;
}

inline ConnectionReport extreme_connection() {
  constexpr std::uint64_t most = UINT64_MAX;
  ConnectionReport report = web_connection();
  report.id = report.ended_frame = most;
  report.client = socket_at("2001:db8:1234:5678:9abc:def0:1234:5678", 65'535);
  report.server = socket_at("2001:db8:ffff:ffff:ffff:ffff:ffff:fff1", 65'535);
  report.client_known_by = ClientKnownBy::first_sender;
  report.vlans = {4'094, 4'095};
  report.tunnels = {{.type = "gtp_u", .id = most}};
  report.start_ns = INT64_MIN;
  report.end_ns = INT64_MAX;
  report.history = std::string(120, 'd');
  report.conn_state = "RSTOS0";
  for (DirectionReport& direction : report.directions) {
    direction = {.packets = most,
                 .bytes = most,
                 .payload_bytes = most,
                 .tcp = TcpDirectionReport{.unique_bytes = most, .repeated_bytes = most}};
  }
  report.tcp->handshake = {};
  report.tcp->states.client = report.tcp->states.server = TcpState::syn_received;
  report.tcp->states.changes_dropped = most;
  report.tcp->teardown = {.kind = TeardownKind::fin,
                          .by = TeardownBy::server,
                          .frame = most,
                          .half_closed = true,
                          .time_wait = TeardownBy::both};
  report.icmp_errors = {{.frame = most,
                         .time_ns = INT64_MIN,
                         .from = address("10.0.0.3"),
                         .version = 4,
                         .type = 255,
                         .code = 255,
                         .mtu = UINT32_MAX}};
  report.icmp_error_count = most;
  return report;
}

inline std::string rendered(std::string_view format, const Summary& summary,
                            const std::vector<ConnectionReport>& connections,
                            const Style& style = {}) {
  StringSink sink;
  const auto writer = find_report_format(format)->make(sink, style);
  writer->begin(summary);
  for (const ConnectionReport& connection : connections) writer->connection(connection);
  writer->end(summary);
  return sink.text();
}

}  // namespace tapdeck::test
