// Traffic made of TCP connections that live: web and elephant.
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/bench/tcp_script.h"
#include "tools/bench/traffic.h"
#include "tools/bench/traffic_random.h"

namespace tapdeck {
namespace {

constexpr std::int64_t microsecond = 1'000;
constexpr std::int64_t millisecond = 1'000'000;
constexpr std::uint16_t scaled_window_field = 501;
constexpr std::uint16_t first_window_field = 64240;

/// Puts a script's segments into frames, asking for more of the script as it is used up.
class GeneratedConnection : public GeneratedConversation {
 public:
  struct Identity {
    std::uint64_t seed;
    Place client;
    Place server;
    GeneratedIp ip;
  };

  GeneratedConnection(const Identity& identity, const GeneratedPath& path, std::int64_t begin_ns)
      : x_random(identity.seed),
        x_script(path, begin_ns, scramble(identity.seed)),
        x_identity(identity) {
    x_script.handshake();
    x_segments = x_script.take();
  }

  [[nodiscard]] std::int64_t time_ns() const override { return x_segments[x_next].seen_ns; }

  [[nodiscard]] Bytes frame(FrameMaker& maker) override {
    const ScriptedSegment& segment = x_segments[x_next];
    const bool from_client = segment.from == GeneratedSide::client;
    const Place& from = from_client ? x_identity.client : x_identity.server;
    const Place& to = from_client ? x_identity.server : x_identity.client;
    const bool is_syn = (segment.flags & tcp_bits::syn) != 0;
    const bool echoes = (segment.flags & tcp_bits::ack) != 0;
    return maker.tcp({from, to, x_identity.ip, segment.identification},
                     {.seq = segment.seq,
                      .ack = segment.ack,
                      .flags = segment.flags,
                      .window_field = is_syn ? first_window_field : scaled_window_field,
                      .timestamp = clock(from, segment.sent_ns),
                      .timestamp_echo = echoes ? clock(to, segment.echo_ns) : 0,
                      .sack_begin = segment.sack_begin,
                      .sack_end = segment.sack_end},
                     payload(segment));
  }

  [[nodiscard]] bool advance() override {
    ++x_packets;
    if (++x_next < x_segments.size()) return true;
    continue_script();
    x_segments = x_script.take();
    x_next = 0;
    return !x_segments.empty();
  }

 protected:
  /// Adds to the script; nothing, if the connection is over.
  virtual void continue_script() = 0;

  [[nodiscard]] TcpScript& script() { return x_script; }
  [[nodiscard]] TrafficRandom& random() { return x_random; }
  [[nodiscard]] std::uint64_t packets() const { return x_packets; }

 private:
  /// The timestamp clock of a host: milliseconds from an unknown begin.
  [[nodiscard]] static std::uint32_t clock(const Place& place, std::int64_t time_ns) {
    return static_cast<std::uint32_t>(scramble(place.host) +
                                      static_cast<std::uint64_t>(time_ns / millisecond));
  }

  [[nodiscard]] Bytes payload(const ScriptedSegment& segment) {
    const Bytes filling = noise(segment.seq, segment.payload_octets);
    if (!segment.starts_message) return filling;
    const std::string_view text = segment.from == GeneratedSide::client
                                      ? "POST /form HTTP/1.1\r\nHost: example.test\r\n\r\n"
                                      : "HTTP/1.1 200 OK\r\nServer: tapdeck-bench\r\n\r\n";
    std::copy(filling.begin(), filling.end(), x_message.begin());
    std::memcpy(x_message.data(), text.data(), std::min(text.size(), filling.size()));
    return Bytes(x_message).first(filling.size());
  }

  TrafficRandom x_random;
  TcpScript x_script;
  Identity x_identity;
  std::vector<ScriptedSegment> x_segments;
  std::size_t x_next = 0;
  std::uint64_t x_packets = 0;
  std::array<std::byte, 1500> x_message{};
};

/// Requests and answers until its share of the packets is used up, then an end.
class WebConnection final : public GeneratedConnection {
 public:
  WebConnection(const Identity& identity, const GeneratedPath& path, std::int64_t begin_ns,
                std::uint64_t packets_planned)
      : GeneratedConnection(identity, path, begin_ns), x_packets_planned(packets_planned) {}

 private:
  static constexpr std::uint64_t packets_of_end = 3;

  void continue_script() override {
    if (x_ended) return;
    if (packets() + packets_of_end >= x_packets_planned) {
      end();
    } else {
      exchange();
    }
  }

  void exchange() {
    script().pause(random().below(x_chatty ? 400 : 2500) * millisecond);
    script().send(GeneratedSide::client,
                  x_chatty ? 20 + random().below(280) : 200 + random().below(700));
    script().pause(random().below(20'000) * microsecond);
    script().send(GeneratedSide::server, answer_octets());
  }

  /// Few answers are large, and none takes much more than what is left of the connection's share.
  [[nodiscard]] std::uint32_t answer_octets() {
    if (x_chatty) return 40 + random().below(560);
    const std::uint64_t left = x_packets_planned - packets();
    const std::uint64_t fits = std::clamp<std::uint64_t>(left * 800, 1000, 1U << 22U);
    return std::min((500U << random().below(9)) + random().below(500),
                    static_cast<std::uint32_t>(fits));
  }

  void end() {
    x_ended = true;
    script().pause(random().below(1000) * millisecond);
    const std::uint32_t way = random().below(10);
    if (way == 0) {
      script().reset(GeneratedSide::client);
    } else {
      script().close(way < 6 ? GeneratedSide::client : GeneratedSide::server);
    }
  }

  std::uint64_t x_packets_planned;
  bool x_chatty = random().below(2) == 0;
  bool x_ended = false;
};

/// A download that doesn't end.
class ElephantConnection final : public GeneratedConnection {
 public:
  using GeneratedConnection::GeneratedConnection;

 private:
  void continue_script() override {
    if (packets() == 3) script().send(GeneratedSide::client, 120);
    script().send(GeneratedSide::server, 1U << 20U);
  }
};

[[nodiscard]] GeneratedConnection::Identity identify(std::uint64_t index, std::uint64_t seed,
                                                     bool some_version_6) {
  TrafficRandom random(scramble(seed) + index);
  const bool version_6 = some_version_6 && random.below(10) == 0;
  return {.seed = random.next(),
          .client = client_place(index),
          .server = {.host = 0xc6120000 + random.below(2000), .port = 80},
          .ip = version_6 ? GeneratedIp::version_6 : GeneratedIp::version_4};
}

[[nodiscard]] GeneratedPath web_path(const GeneratedConnection::Identity& identity) {
  TrafficRandom random(identity.seed);
  return {.round_trip_ns = (1000 + random.below(1000U << random.below(8))) * microsecond,
          .gap_ns = (12 + random.below(100)) * microsecond,
          .segment_octets = FrameMaker::payload_limit(identity.ip),
          .window_limit = 64,
          .lost = 7000,
          .overtaken = 3000};
}

/// Deals the packets of a capture out to its connections: half of them get little, one in eight
/// four times the mean.
class PacketShares {
 public:
  explicit PacketShares(const TrafficOptions& options)
      : x_random(options.seed), x_packets_left(options.packets), x_flows_left(options.flows) {}

  [[nodiscard]] std::uint64_t next() {
    static constexpr std::array<std::uint64_t, 8> quarters_of_mean{0, 0, 2, 2, 4, 4, 4, 16};
    const std::uint64_t mean = std::max(smallest, x_packets_left / x_flows_left);
    const std::uint64_t drawn = quarters_of_mean[x_random.below(quarters_of_mean.size())];
    const std::uint64_t share = x_flows_left == 1 ? mean : smallest + (mean - smallest) * drawn / 4;
    --x_flows_left;
    x_packets_left -= std::min(x_packets_left, share);
    return share;
  }

 private:
  static constexpr std::uint64_t smallest = 12;

  TrafficRandom x_random;
  std::uint64_t x_packets_left;
  std::uint64_t x_flows_left;
};

}  // namespace

void generate_web(GeneratedCapture& capture, const TrafficOptions& options) {
  PacketShares shares(options);
  const auto begin_ns = [&](std::uint64_t index) {
    return static_cast<std::int64_t>(12 * microsecond * options.packets / options.flows * index);
  };
  const auto make = [&](std::uint64_t index) {
    const auto identity = identify(index, options.seed, true);
    return std::make_unique<WebConnection>(identity, web_path(identity), begin_ns(index),
                                           shares.next());
  };
  interleave(capture, {options.flows, begin_ns, make});
}

void generate_elephant(GeneratedCapture& capture, const TrafficOptions& options) {
  const auto begin_ns = [](std::uint64_t index) {
    return static_cast<std::int64_t>(index) * microsecond;
  };
  const auto make = [&](std::uint64_t index) {
    const auto identity = identify(index, options.seed, false);
    const GeneratedPath path{.round_trip_ns = 200 * microsecond,
                             .gap_ns = 1200,
                             .segment_octets = FrameMaker::payload_limit(identity.ip),
                             .window_limit = 256,
                             .lost = 300,
                             .overtaken = 200};
    return std::make_unique<ElephantConnection>(identity, path, begin_ns(index));
  };
  interleave(capture, {options.flows, begin_ns, make});
}

}  // namespace tapdeck
