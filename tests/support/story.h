// Tells a flow table a story of datagrams, and what it makes of them. Numbers of the two ends are
// relative to initial sequence numbers that each test may choose.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/flow/flow_table.h"
#include "analyzer/report/connection_report.h"

namespace tapdeck::test {

constexpr std::int64_t milliseconds = 1'000'000;
constexpr std::int64_t seconds = 1'000'000'000;

inline IpAddress address(std::uint8_t last) { return {{192, 0, 2, last}, 4}; }

/// tcpdump's letters: "S", "S.", ".", "P.", "F.", "R", "R.".
inline std::uint8_t flags_of(std::string_view letters) {
  std::uint8_t flags = 0;
  for (const char letter : letters) {
    if (letter == 'S') flags |= TcpFlags::syn;
    if (letter == 'F') flags |= TcpFlags::fin;
    if (letter == 'R') flags |= TcpFlags::rst;
    if (letter == 'P') flags |= TcpFlags::psh;
    if (letter == '.') flags |= TcpFlags::ack;
  }
  return flags;
}

class Story {
 public:
  explicit Story(FlowLimits limits = {}, TraceWish trace = TraceWish::nothing)
      : x_table(x_slabs, limits, trace) {}

  /// Of the segments told from now on.
  std::uint32_t client_isn = 1000, server_isn = 5000;
  std::uint16_t client_port = 50'000, server_port = 80;
  std::uint16_t window = 1000;
  TcpOptions options;
  bool bad_checksum = false;
  std::uint8_t client_host = 1, server_host = 2;  ///< Last octets of their addresses.
  std::uint8_t hop_limit = 0;
  std::uint32_t flow_label = 0;
  std::uint32_t fingerprint = 0;             ///< By which copies are found; 0: none is.
  std::uint8_t oddities = 0;                 ///< Bits of Oddity.
  std::uint16_t vlan = 0;                    ///< 0: untagged.
  std::uint32_t frames = 1;                  ///< Of each datagram.
  std::uint32_t mtu = 0;                     ///< Of ICMP errors.
  std::int64_t step_ns = 10 * milliseconds;  ///< Time passes before each datagram.

  void client(std::string_view flags, std::uint32_t seq, std::uint32_t ack = 0,
              std::uint32_t payload = 0) {
    const bool acknowledges = flags.find('.') != std::string_view::npos;
    tell(true, {{client_isn + seq},
                {acknowledges ? server_isn + ack : 0},
                payload,
                window,
                flags_of(flags),
                options});
  }
  void server(std::string_view flags, std::uint32_t seq, std::uint32_t ack = 0,
              std::uint32_t payload = 0) {
    const bool acknowledges = flags.find('.') != std::string_view::npos;
    tell(false, {{server_isn + seq},
                 {acknowledges ? client_isn + ack : 0},
                 payload,
                 window,
                 flags_of(flags),
                 options});
  }
  void handshake() {
    client("S", 0);
    server("S.", 0, 1);
    client(".", 1, 1);
  }

  void udp(bool from_client, std::uint32_t payload) {
    Datagram datagram = next(from_client, 17);
    datagram.kind = Datagram::Kind::other;
    datagram.payload_octets = payload;
    give(datagram);
  }

  /// An ICMP error from a router about what the client sent; false if nobody knows the flow.
  bool icmp_error(std::uint8_t type, std::uint8_t code, std::uint8_t ip_protocol,
                  std::optional<std::uint32_t> quoted_seq = {}) {
    Datagram datagram = next(true, ip_protocol);
    datagram.kind = Datagram::Kind::icmp_error;
    datagram.notice = {
        .from = address(254), .version = 4, .type = type, .code = code, .mtu = mtu, .own = {}};
    if (quoted_seq) {
      datagram.notice.quotes_sequence = true;
      datagram.notice.quoted_seq = {client_isn + *quoted_seq};
    }
    return x_table.on_datagram(datagram, table_hash(datagram.key, 0));
  }

  void wait(std::int64_t ns) { x_now_ns += ns; }
  void advance() { x_table.advance(x_now_ns, x_frame); }
  [[nodiscard]] FlowTable& table() { return x_table; }

  /// Ends the story: what was found of its conversations, and across them.
  std::vector<Anomaly> anomalies() {
    x_table.finish({.frame = x_frame, .time_ns = x_now_ns});
    std::vector<Anomaly> result;
    for (const EndedConversation& ended : x_table.take_ended()) {
      x_table.conclude(ended);
      x_table.count_across(ended);
      x_table.conversation(ended.index)
          .details->episodes.for_each(x_table.watcher().episodes(),
                                      [&](const Anomaly& anomaly) { result.push_back(anomaly); });
    }
    const std::vector<Anomaly> across = x_table.watcher().across_flows().judge();
    result.insert(result.begin(), across.begin(), across.end());
    return result;
  }

  /// Ends the story: all conversations, by the number of their first frame.
  std::vector<ConnectionReport> reports() {
    x_table.finish({.frame = x_frame, .time_ns = x_now_ns});
    std::vector<ConnectionReport> result;
    for (const EndedConversation& ended : x_table.take_ended()) {
      x_table.conclude(ended);
      result.push_back(
          make_connection_report(x_table, x_table.conversation(ended.index), TunnelStacks{}));
    }
    std::ranges::sort(result, {}, &ConnectionReport::id);
    return result;
  }

  /// Requires: the story made one conversation.
  ConnectionReport report() { return reports().at(0); }

 private:
  Datagram next(bool from_client, std::uint8_t ip_protocol) {
    const auto [source, destination] = from_client
                                           ? std::pair{address(client_host), address(server_host)}
                                           : std::pair{address(server_host), address(client_host)};
    const auto [source_port, destination_port] =
        from_client ? std::pair{client_port, server_port} : std::pair{server_port, client_port};
    const DirectedKey key =
        make_flow_key(source, source_port, destination, destination_port, ip_protocol);
    Datagram datagram;
    datagram.key = key.key;
    datagram.direction = key.direction;
    datagram.frame_number = ++x_frame;
    datagram.time_ns = x_now_ns += step_ns;
    datagram.bad_checksum = bad_checksum;
    datagram.oddities = oddities;
    if (bad_checksum) datagram.oddities |= Oddity::bad_checksum;
    datagram.frames = frames;
    datagram.mark.fingerprint = fingerprint;
    datagram.mark.hop_limit = hop_limit;
    datagram.vlans[0] = vlan;
    datagram.vlan_count = vlan == 0 ? 0 : 1;
    return datagram;
  }

  void tell(bool from_client, const Segment& segment) {
    Datagram datagram = next(from_client, 6);
    datagram.kind = Datagram::Kind::tcp;
    datagram.segment = segment;
    datagram.segment.flow_label = flow_label;
    datagram.payload_octets = segment.payload_octets;
    datagram.frame_octets = 54 + segment.payload_octets;
    give(datagram);
  }

  void give(const Datagram& datagram) {
    const bool taken = x_table.on_datagram(datagram, table_hash(datagram.key, 0));
    if (!taken) throw std::logic_error("only an ICMP error may be refused");
  }

  FlowSlabs x_slabs;
  FlowTable x_table;
  std::uint64_t x_frame = 0;
  std::int64_t x_now_ns = 1'700'000'000 * seconds;
};

}  // namespace tapdeck::test
