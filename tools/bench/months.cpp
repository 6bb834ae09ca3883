#include "tools/bench/months.h"

#include <array>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "analyzer/report/live_formats.h"
#include "tools/bench/frame_maker.h"
#include "tools/bench/traffic.h"
#include "tools/tapdeck/live_limits.h"
#include "tools/tapdeck/live_session.h"

namespace tapdeck {
namespace {

constexpr std::int64_t begin_ns = 1'700'000'000'000'000'000;
constexpr std::size_t connections_in_batch = 400;

/// Connections that open, say something and close; of every hundred, one that nobody answers, one
/// that is refused, one that never closes, and one of UDP.
class MadeUpPackets final : public LivePackets {
 public:
  explicit MadeUpPackets(const MonthsOptions& options)
      : x_connections(options.connections),
        x_step_ns(static_cast<std::int64_t>(options.days * 86'400e9 /
                                            static_cast<double>(options.connections))) {
    CaptureInfo& info = x_captures.emplace_back();
    info.file = "made up";
    info.complete = true;
    info.interfaces.push_back({.name = "made up", .time_digits = 9});
  }

  [[nodiscard]] bool next(PacketBatch& batch, std::chrono::milliseconds) override {
    batch.packets.clear();
    batch.buffer.clear();
    if (x_made == x_connections) return false;
    for (std::size_t i = 0; i < connections_in_batch && x_made < x_connections; ++i) {
      add_connection(batch, x_made++);
    }
    const std::byte* at = batch.buffer.data();
    for (Packet& packet : batch.packets) {
      packet.bytes = {at, packet.bytes.size()};
      at += packet.bytes.size();
    }
    return true;
  }

  void stop(std::int64_t) override { x_made = x_connections; }
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const override { return x_captures; }
  [[nodiscard]] LiveCounts counts() override {
    return {.captured = x_packets, .received = x_packets};
  }
  [[nodiscard]] const std::string& trouble() const override { return x_trouble; }

  [[nodiscard]] std::int64_t now_ns() const { return x_now_ns; }
  [[nodiscard]] std::uint64_t made() const { return x_made; }

 private:
  void add(PacketBatch& batch, Bytes frame) {
    constexpr std::int64_t between_packets_ns = 100'000;
    x_now_ns += between_packets_ns;
    batch.buffer.insert(batch.buffer.end(), frame.begin(), frame.end());
    batch.packets.push_back({.number = ++x_packets,
                             .time_ns = x_now_ns,
                             .wire_length = static_cast<std::uint32_t>(frame.size()),
                             .time_digits = 9,
                             .bytes = frame});
  }

  void add_connection(PacketBatch& batch, std::uint64_t index) {
    constexpr std::uint32_t servers = 0xc6336400;  // 198.51.100.0
    const Place client = client_place(index);
    const Place server{.host = servers + static_cast<std::uint32_t>(index % 200), .port = 443};
    x_now_ns = std::max(x_now_ns, begin_ns + static_cast<std::int64_t>(index) * x_step_ns);
    const auto segment = [&](bool from_client, const GeneratedTcp& tcp, std::size_t octets) {
      add(batch, x_maker.tcp({.from = from_client ? client : server,
                              .to = from_client ? server : client,
                              .identification = static_cast<std::uint16_t>(x_packets)},
                             tcp, noise(1, octets)));
    };
    using namespace tcp_bits;
    const auto stamp = static_cast<std::uint32_t>(x_now_ns / 1'000'000);
    const auto tcp = [&](std::uint32_t seq, std::uint32_t acked, std::uint8_t flags) {
      return GeneratedTcp{.seq = seq,
                          .ack = acked,
                          .flags = flags,
                          .window_field = 0xffff,
                          .timestamp = stamp,
                          .timestamp_echo = stamp};
    };
    const std::uint64_t kind = index % 100;
    if (kind == 3) {
      add(batch, x_maker.udp({.from = client, .to = server}, noise(1, 40)));
      return;
    }
    segment(true, tcp(100, 0, syn), 0);
    if (kind == 0) return;
    if (kind == 1) {
      segment(false, tcp(0, 101, rst | ack), 0);
      return;
    }
    segment(false, tcp(500, 101, syn | ack), 0);
    segment(true, tcp(101, 501, ack), 0);
    segment(true, tcp(101, 501, psh | ack), 200);
    segment(false, tcp(501, 301, psh | ack), 1'000);
    segment(true, tcp(301, 1'501, ack), 0);
    if (kind == 2) return;
    segment(true, tcp(301, 1'501, fin | ack), 0);
    segment(false, tcp(1'501, 302, fin | ack), 0);
    segment(true, tcp(302, 1'502, ack), 0);
  }

  std::uint64_t x_connections;
  std::int64_t x_step_ns;
  std::uint64_t x_made = 0;
  std::uint64_t x_packets = 0;
  std::int64_t x_now_ns = begin_ns;
  FrameMaker x_maker;
  std::vector<CaptureInfo> x_captures;
  std::string x_trouble;
};

/// Counts lines and forgets them.
class LineCounter final : public ByteSink {
 public:
  void write(std::string_view bytes) override {
    x_lines += static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
  }
  [[nodiscard]] std::uint64_t lines() const { return x_lines; }

 private:
  std::uint64_t x_lines = 0;
};

std::uint64_t resident_octets() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Looks at the memory whenever another twentieth is done.
class MemoryWatch {
 public:
  explicit MemoryWatch(std::uint64_t connections) : x_connections(connections) {}

  void look(const MadeUpPackets& source, std::size_t open, std::uint64_t lines) {
    constexpr std::uint64_t parts = 20;
    if (source.made() * parts < x_connections * x_part) return;
    const std::uint64_t resident = resident_octets();
    const double days = static_cast<double>(source.now_ns() - begin_ns) / 86'400e9;
    fmt::print("{:>12} {:>9.2f} {:>9} {:>12} {:>9.1f}\n", source.made(), days, open, lines,
               static_cast<double>(resident) / 1e6);
    if (x_part == parts / 10) x_early = resident;
    x_last = resident;
    ++x_part;
  }
  [[nodiscard]] bool is_flat() const { return x_last <= x_early + x_early / 10; }

 private:
  std::uint64_t x_connections;
  std::uint64_t x_part = 1;
  std::uint64_t x_early = 0, x_last = 0;
};

}  // namespace

bool run_months(const MonthsOptions& options) {
  MadeUpPackets source(options);
  LineCounter sink;
  LiveNews news(make_live_lines(sink, {}), false);
  AnalysisOptions how;
  how.tracker.limits = live_limits("512M");
  how.tracker.news = {.conversations = true, .anomalies = true};
  Analysis analysis(how, news);
  MemoryWatch memory(options.connections);
  fmt::print("{:>12} {:>9} {:>9} {:>12} {:>9}\n", "connections", "days", "open", "lines", "MB");
  LiveSession session({}, {.source = source,
                           .analysis = analysis,
                           .news = news,
                           .clock = [&] { return source.now_ns(); },
                           .on_tick =
                               [&](std::int64_t) {
                                 memory.look(source, analysis.open(), sink.lines());
                                 return LiveWish::go_on;
                               }});
  session.run();
  return memory.is_flat();
}

}  // namespace tapdeck
