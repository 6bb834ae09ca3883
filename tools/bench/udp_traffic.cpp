// UDP traffic: media streams of a packet every 20 ms, and DNS lookups of two packets between them.
#include <algorithm>
#include <array>
#include <string>

#include "tools/bench/traffic.h"
#include "tools/bench/traffic_random.h"

namespace tapdeck {
namespace {

constexpr std::int64_t microsecond = 1'000;
constexpr std::int64_t stream_period_ns = 20'000'000;
constexpr std::uint16_t dns_port = 53;

class MediaStream final : public GeneratedConversation {
 public:
  MediaStream(std::uint64_t index, std::int64_t begin_ns)
      : x_index(index), x_now_ns(begin_ns), x_client(client_place(index)) {}

  [[nodiscard]] std::int64_t time_ns() const override { return x_now_ns; }

  [[nodiscard]] Bytes frame(FrameMaker& maker) override {
    const Place server{.host = static_cast<std::uint32_t>(0xc6120000 + x_index % 2000),
                       .port = 16384};
    const GeneratedRoute route{
        .from = server, .to = x_client, .ip = GeneratedIp::version_4, .identification = x_packets};
    return maker.udp(route, noise(x_index + x_packets, x_index % 2 == 0 ? 172 : 1200));
  }

  [[nodiscard]] bool advance() override {
    ++x_packets;
    x_now_ns += stream_period_ns;
    return true;
  }

 private:
  std::uint64_t x_index;
  std::int64_t x_now_ns;
  Place x_client;
  std::uint16_t x_packets = 0;
};

/// A query for an address and its answer (RFC 1035 §4).
class DnsLookup final : public GeneratedConversation {
 public:
  DnsLookup(std::uint64_t index, std::int64_t begin_ns, std::uint64_t seed)
      : x_random(scramble(seed) + index),
        x_now_ns(begin_ns),
        x_client(client_place(index)),
        x_id(static_cast<std::uint16_t>(x_random.next())),
        x_host("host" + std::to_string(10000 + x_random.below(50000))) {}

  [[nodiscard]] std::int64_t time_ns() const override { return x_now_ns; }

  [[nodiscard]] Bytes frame(FrameMaker& maker) override {
    const Place server{.host = 0xc6140035, .port = dns_port};
    write_message();
    const auto& from = x_answering ? server : x_client;
    const auto& to = x_answering ? x_client : server;
    return maker.udp({from, to, GeneratedIp::version_4, x_id}, Bytes(x_message).first(x_size));
  }

  [[nodiscard]] bool advance() override {
    if (x_answering) return false;
    x_answering = true;
    x_now_ns += (500 + x_random.below(40'000)) * microsecond;
    return true;
  }

 private:
  void write_message() {
    x_size = 0;
    for (const unsigned word :
         {unsigned{x_id}, x_answering ? 0x8180U : 0x0100U, 1U, x_answering ? 1U : 0U, 0U, 0U}) {
      append_16(word);
    }
    for (const std::string_view label : {std::string_view(x_host), std::string_view("example"),
                                         std::string_view("test"), std::string_view()}) {
      append_label(label);
    }
    append_16(1);  // an address
    append_16(1);  // on the Internet
    if (!x_answering) return;
    for (const unsigned word : {0xc00cU, 1U, 1U, 0U, 300U, 4U, 0xc612U, 7U}) append_16(word);
  }

  void append_label(std::string_view label) {
    x_message[x_size++] = static_cast<std::byte>(label.size());
    for (const char character : label) x_message[x_size++] = static_cast<std::byte>(character);
  }

  void append_16(unsigned value) {
    x_message[x_size++] = static_cast<std::byte>(value >> 8U);
    x_message[x_size++] = static_cast<std::byte>(value);
  }

  TrafficRandom x_random;
  std::int64_t x_now_ns;
  Place x_client;
  std::uint16_t x_id;
  std::string x_host;
  bool x_answering = false;
  std::array<std::byte, 128> x_message{};
  std::size_t x_size = 0;
};

/// Which flows are streams, and when they and the lookups begin.
struct UdpPlan {
  explicit UdpPlan(const TrafficOptions& options)
      : streams(1 + options.flows / 20), lookups(options.flows - std::min(options.flows, streams)) {
    const std::uint64_t stream_packets = options.packets - 2 * lookups;
    span_ns = stream_period_ns * static_cast<std::int64_t>(stream_packets) /
              static_cast<std::int64_t>(streams);
  }

  /// The last lookups begin a little before the end, so that their answers are in.
  [[nodiscard]] std::int64_t begin_ns(std::uint64_t index) const {
    if (index < streams) {
      return std::min(span_ns, stream_period_ns) * static_cast<std::int64_t>(index) /
             static_cast<std::int64_t>(streams);
    }
    return stream_period_ns + (span_ns - span_ns / 20) *
                                  static_cast<std::int64_t>(index - streams) /
                                  static_cast<std::int64_t>(lookups);
  }

  std::uint64_t streams;
  std::uint64_t lookups;
  std::int64_t span_ns = 0;
};

}  // namespace

void generate_udp(GeneratedCapture& capture, const TrafficOptions& options) {
  const UdpPlan plan(options);
  const auto begin_ns = [&](std::uint64_t index) { return plan.begin_ns(index); };
  const auto make = [&](std::uint64_t index) -> std::unique_ptr<GeneratedConversation> {
    if (index < plan.streams) return std::make_unique<MediaStream>(index, begin_ns(index));
    return std::make_unique<DnsLookup>(index, begin_ns(index), options.seed);
  };
  interleave(capture, {options.flows, begin_ns, make});
}

}  // namespace tapdeck
