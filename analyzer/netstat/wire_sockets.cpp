#include "analyzer/netstat/wire_sockets.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "captures/elapsed.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::size_t most_rows = 100'000;

/// What kernels wait in TIME-WAIT for, behind the last segment that came: half of RFC 9293's four
/// minutes and less. No packet shows its end.
constexpr std::int64_t time_wait_ns = 60 * second_ns;
/// RFC 4787 REQ-5; kernels keep a UDP socket for as long as its program does.
constexpr std::int64_t idle_datagrams_ns = 300 * second_ns;

/// The endpoint waits for the acknowledgment of its SYN or FIN, and repeats that until it comes.
bool must_repeat(TcpState state) {
  switch (state) {
    case TcpState::syn_sent:
    case TcpState::syn_received:
    case TcpState::fin_wait_1:
    case TcpState::closing:
    case TcpState::last_ack:
      return true;
    case TcpState::closed:
    case TcpState::listen:
    case TcpState::established:
    case TcpState::fin_wait_2:
    case TcpState::close_wait:
    case TcpState::time_wait:
    case TcpState::unknown:
      return false;
  }
  return false;
}

/// Each pause is twice the one before (RFC 6298 §5.5), so the next repeat comes when as much time
/// as since the first has passed again, and the first timeout: of a SYN 1 s, once it was repeated,
/// or 3 s on older systems; of a FIN any, since it may follow losses, but seldom a minute. Who lets
/// that pass has given up, and no packet tells.
bool has_given_up(const EndpointMachine& end, const Conversation& conversation,
                  std::int64_t now_ns) {
  const std::int64_t since_first =
      std::max<std::int64_t>(wait_ns(end.changed_ns, conversation.end_ns), 0);
  const bool repeats_syn = end.state == TcpState::syn_sent || end.state == TcpState::syn_received;
  const std::int64_t first_timeout = (!repeats_syn ? 60 : since_first == 0 ? 3 : 1) * second_ns;
  return wait_ns(conversation.end_ns, now_ns) > since_first + since_first / 8 + first_timeout;
}

bool is_there(const EndpointMachine& end, const Conversation& conversation, std::int64_t now_ns) {
  if (end.state == TcpState::closed || end.state == TcpState::listen ||
      end.state == TcpState::unknown) {
    return false;
  }
  if (end.state == TcpState::time_wait) {
    return elapsed_ns(conversation.end_ns, now_ns) <= time_wait_ns;
  }
  return !must_repeat(end.state) || !has_given_up(end, conversation, now_ns);
}

std::uint64_t unacknowledged(const SendSpace& sent) {
  if (!sent.has_sent()) return 0;
  const SeqNum begin = sent.has_snd_una() ? sent.snd_una()
                       : sent.has_iss()   ? sent.iss()
                                          : sent.lowest();
  return static_cast<std::uint64_t>(std::max(sent.snd_nxt() - begin, 0));
}

/// Both parts, on this and on that side of the capture point, or that of the handshake.
std::optional<std::int64_t> round_trip_of(const TcpConnection& connection, const TcpSlabs& slabs) {
  const Transfer* const forth = connection.judge().sent_by(slabs, Side::client);
  const Transfer* const back = connection.judge().sent_by(slabs, Side::server);
  if (forth != nullptr && back != nullptr && forth->round_trip.samples() != 0 &&
      back->round_trip.samples() != 0) {
    return forth->round_trip.smoothed() + back->round_trip.smoothed();
  }
  return connection.handshake().rtt_ns();
}

void add_tcp(const FlowTable& table, const TcpConnection& connection, Side side, WireSocket& wire) {
  const TcpState state = connection.states().of(side).state;
  wire.state = state;
  wire.foreign_state = connection.states().of(other(side)).state;
  wire.unacknowledged =
      state == TcpState::time_wait ? 0 : unacknowledged(connection.endpoint(side).send);
  wire.round_trip_ns = round_trip_of(connection, table.tcp_slabs());
}

auto order_of_row(const SocketRow& row) {
  return std::tuple{row.ip_protocol, row.ip_version,      !row.waits,      row.local.address,
                    row.local.port,  row.foreign.address, row.foreign.port};
}

}  // namespace

void sort_rows(std::vector<SocketRow>& rows) { std::ranges::stable_sort(rows, {}, order_of_row); }

void WireSockets::add(const FlowTable& table, const Conversation& conversation) {
  const std::uint8_t protocol = conversation.key.ip_protocol;
  if (protocol != IpProtocol::tcp && protocol != IpProtocol::udp) return;
  for (const Side side : {Side::client, Side::server}) {
    if (contains(x_local, conversation.socket_of(side).address)) add(table, conversation, side);
  }
}

void WireSockets::add(const FlowTable& table, const Conversation& conversation, Side side) {
  SocketRow row{.ip_protocol = conversation.key.ip_protocol,
                .ip_version = conversation.key.ip_version,
                .local = conversation.socket_of(side),
                .foreign = conversation.socket_of(other(side)),
                .wire = WireSocket{.connection = conversation.first_frame,
                                   .first_ns = conversation.details->start_ns,
                                   .last_ns = conversation.end_ns}};
  if (const TcpConnection* const connection = table.tcp(conversation)) {
    if (!is_there(connection->states().of(side), conversation, x_now_ns)) return;
    add_tcp(table, *connection, side, *row.wire);
  } else if (elapsed_ns(conversation.end_ns, x_now_ns) > idle_datagrams_ns ||
             !row.local.address.is_unicast()) {
    return;
  }
  add({.row = std::move(row), .tunnels = conversation.key.tunnels});
}

void WireSockets::add(Entry entry) {
  if (x_entries.size() < most_rows) {
    x_entries.push_back(std::move(entry));
  } else {
    ++x_left_out;
  }
}

template <class Ports>
void WireSockets::add_ports(const Ports& ports, std::uint8_t ip_protocol) {
  ports.for_each([&](const HostKey& key, const PortFacts& port) {
    if (!port.listens() || !key.host.is_unicast() || !contains(x_local, key.host)) return;
    IpAddress any;
    any.version = key.host.version;
    WireSocket wire{.first_ns = port.answered_ns, .last_ns = port.answered_ns};
    if (ip_protocol == IpProtocol::tcp) wire.state = TcpState::listen;
    add({.row = {.ip_protocol = ip_protocol,
                 .ip_version = key.host.version,
                 .local = {.address = key.host, .port = key.port},
                 .foreign = {.address = any, .port = {}},
                 .waits = true,
                 .wire = wire},
         .tunnels = 0});
  });
}

void WireSockets::add_ports(const GatheredFacts& facts) {
  add_ports(facts.tcp_ports, IpProtocol::tcp);
  add_ports(facts.udp_ports, IpProtocol::udp);
}

std::vector<SocketRow> WireSockets::take() {
  std::ranges::sort(x_entries, {}, [](const Entry& entry) {
    return std::tuple{order_of_row(entry.row), entry.tunnels, ~entry.row.wire->connection};
  });
  const auto superseded = std::ranges::unique(x_entries, [](const Entry& one, const Entry& other) {
    return one.tunnels == other.tunnels && order_of_row(one.row) == order_of_row(other.row);
  });
  x_entries.erase(superseded.begin(), superseded.end());
  std::vector<SocketRow> rows;
  rows.reserve(x_entries.size());
  for (Entry& entry : x_entries) rows.push_back(std::move(entry.row));
  x_entries.clear();
  return rows;
}

}  // namespace tapdeck
