// Traffic that opens connections and does little more with them: syn, colliding and idle.
#include <array>
#include <numeric>
#include <vector>

#include "analyzer/flow/flow_key.h"
#include "dissectors/ip_protocol.h"
#include "tools/bench/traffic.h"
#include "tools/bench/traffic_random.h"

namespace tapdeck {
namespace {

constexpr std::int64_t packet_period_ns = 2'000;
constexpr Place web_server{.host = 0xc6120001, .port = 443};

/// The indexes below `size`, each once, in an order without pattern to a hash table.
class Shuffle {
 public:
  Shuffle(std::uint64_t size, std::uint64_t seed)
      : x_size(size), x_start(scramble(seed) % size), x_step(step_for(size)) {}

  [[nodiscard]] std::uint64_t operator()(std::uint64_t at) const {
    return (x_start + at % x_size * x_step) % x_size;
  }

 private:
  /// Near the golden section, so that neighbours lie far apart.
  [[nodiscard]] static std::uint64_t step_for(std::uint64_t size) {
    std::uint64_t step = size * 618 / 1000 + 1;
    while (std::gcd(step, size) != 1) ++step;
    return step;
  }

  std::uint64_t x_size;
  std::uint64_t x_start;
  std::uint64_t x_step;
};

/// Many connections that are opened and of which each now and then sends a message.
class IdleConnections {
 public:
  IdleConnections(GeneratedCapture& capture, const TrafficOptions& options)
      : x_capture(capture),
        x_seed(options.seed),
        x_connections(options.flows),
        x_order(options.flows, options.seed) {
    for (std::uint64_t index = 0; index < options.flows; ++index) {
      TrafficRandom random(scramble(x_seed) + index);
      x_connections[index].snd_nxt = {static_cast<std::uint32_t>(random.next()),
                                      static_cast<std::uint32_t>(random.next())};
    }
  }

  /// Handshakes that overlap: a SYN, then the answer to one of half a window ago, then the ACK.
  void open_all() {
    const std::uint64_t flows = x_connections.size();
    for (std::uint64_t at = 0; at < flows + overlap; ++at) {
      if (at < flows) send(at, 0, tcp_bits::syn, 0);
      if (at >= overlap / 2 && at - overlap / 2 < flows) {
        send(at - overlap / 2, 1, tcp_bits::syn | tcp_bits::ack, 0);
      }
      if (at >= overlap) send(at - overlap, 0, tcp_bits::ack, 0);
    }
  }

  /// One message of every connection, and its ACK.
  void message_each() {
    const std::uint64_t flows = x_connections.size();
    for (std::uint64_t at = 0; at < flows + overlap; ++at) {
      if (at < flows) send(at, 0, tcp_bits::psh | tcp_bits::ack, 48);
      if (at >= overlap) send(at - overlap, 1, tcp_bits::ack, 0);
    }
  }

 private:
  static constexpr std::uint64_t overlap = 1000;

  struct Connection {
    std::array<std::uint32_t, 2> snd_nxt{};
    std::array<std::uint32_t, 2> last_clock{};
  };

  void send(std::uint64_t at, std::size_t side, std::uint8_t flags, std::uint32_t octets) {
    const std::uint64_t index = x_order(at);
    Connection& connection = x_connections[index];
    const Place client = client_place(index);
    x_now_ns += packet_period_ns;
    connection.last_clock[side] = static_cast<std::uint32_t>(
        scramble(index + side) + static_cast<std::uint64_t>(x_now_ns) / 1'000'000);
    const bool answers = (flags & tcp_bits::ack) != 0;
    const GeneratedTcp tcp{.seq = connection.snd_nxt[side],
                           .ack = answers ? connection.snd_nxt[1 - side] : 0,
                           .flags = flags,
                           .window_field = 501,
                           .timestamp = connection.last_clock[side],
                           .timestamp_echo = connection.last_clock[1 - side]};
    const GeneratedRoute route{.from = side == 0 ? client : web_server,
                               .to = side == 0 ? web_server : client,
                               .ip = GeneratedIp::version_4,
                               .identification = static_cast<std::uint16_t>(tcp.seq)};
    x_capture.write(x_now_ns, x_maker.tcp(route, tcp, noise(index, octets)));
    connection.snd_nxt[side] += octets + ((flags & tcp_bits::syn) != 0 ? 1 : 0);
  }

  GeneratedCapture& x_capture;
  std::uint64_t x_seed;
  std::vector<Connection> x_connections;
  Shuffle x_order;
  FrameMaker x_maker;
  std::int64_t x_now_ns = 0;
};

/// SYNs to one server: evenly over the capture a new flow is begun, else one of the old ones is
/// sent again. `client` gives the index of a flow's client_place.
template <class Client>
void flood(GeneratedCapture& capture, const TrafficOptions& options, Client client) {
  FrameMaker maker;
  TrafficRandom random(options.seed);
  std::uint64_t begun = 0;
  for (std::uint64_t packet = 0; !capture.full(); ++packet) {
    const bool due = begun * options.packets <= packet * options.flows && begun < options.flows;
    const bool begins = begun == 0 || due;
    const std::uint64_t index = client(begins ? begun++ : random.next() % begun);
    const GeneratedTcp tcp{.seq = static_cast<std::uint32_t>(scramble(index + options.seed)),
                           .flags = tcp_bits::syn,
                           .window_field = 64240,
                           .timestamp = static_cast<std::uint32_t>(packet / 500)};
    const GeneratedRoute route{.from = client_place(index),
                               .to = web_server,
                               .ip = GeneratedIp::version_4,
                               .identification = static_cast<std::uint16_t>(random.next())};
    capture.write(static_cast<std::int64_t>(packet) * packet_period_ns, maker.tcp(route, tcp, {}));
  }
}

[[nodiscard]] IpAddress address_of(const Place& place) {
  std::array<std::byte, 4> octets{};
  for (std::size_t at = 0; at < octets.size(); ++at) {
    octets[at] = static_cast<std::byte>(place.host >> (24 - 8 * at));
  }
  return IpAddress::read_v4(octets, 0);
}

/// Clients whose connections with the server fall into one shard, and there, under seed 0, into
/// every 1024th slot: what somebody would send who knew the seed.
[[nodiscard]] std::vector<std::uint64_t> colliding_clients(std::uint64_t count) {
  constexpr std::uint32_t same_bits = 0x3ff;
  const IpAddress server = address_of(web_server);
  std::vector<std::uint64_t> clients;
  for (std::uint64_t index = 0; clients.size() < count; ++index) {
    const Place client = client_place(index);
    const FlowKey key =
        make_flow_key(address_of(client), client.port, server, web_server.port, IpProtocol::tcp)
            .key;
    if (shard_of(key) == 0 && (table_hash(key, 0) & same_bits) == 0) clients.push_back(index);
  }
  return clients;
}

}  // namespace

void generate_idle(GeneratedCapture& capture, const TrafficOptions& options) {
  IdleConnections connections(capture, options);
  connections.open_all();
  while (!capture.full()) connections.message_each();
}

void generate_syn_flood(GeneratedCapture& capture, const TrafficOptions& options) {
  const Shuffle order(options.flows, options.seed);
  flood(capture, options, [&](std::uint64_t flow) { return order(flow); });
}

void generate_colliding(GeneratedCapture& capture, const TrafficOptions& options) {
  const std::vector<std::uint64_t> clients = colliding_clients(options.flows);
  flood(capture, options, [&](std::uint64_t flow) { return clients[flow]; });
}

}  // namespace tapdeck
