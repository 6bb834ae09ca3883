// A live source that plays what a test wrote down: a batch for each look, and the time of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "captures/live_source.h"
#include "tools/bench/frame_maker.h"

namespace tapdeck::test {

inline constexpr std::int64_t played_begin_ns = 1'700'000'000'000'000'000;

class PlayedPackets final : public LivePackets {
 public:
  PlayedPackets() {
    CaptureInfo& info = x_captures.emplace_back();
    info.file = "played";
    info.complete = true;
    info.interfaces.push_back({.name = "played", .time_digits = 9});
  }

  /// Seconds later there is a look that finds what is added next, or nothing.
  PlayedPackets& after(double seconds) {
    const std::int64_t before = x_looks.empty() ? played_begin_ns : x_looks.back().time_ns;
    x_looks.push_back({.time_ns = before + static_cast<std::int64_t>(seconds * 1e9), .frames = {}});
    return *this;
  }

  PlayedPackets& tcp(bool from_client, const GeneratedTcp& tcp, std::size_t octets = 0,
                     std::uint16_t port = 40'000) {
    const Place client{.host = 0xc0000201, .port = port};
    const Place server{.host = 0xc0000202, .port = 80};
    const std::vector<std::byte> payload(octets);
    const Bytes frame = x_maker.tcp({.from = from_client ? client : server,
                                     .to = from_client ? server : client,
                                     .identification = ++x_identification},
                                    tcp, payload);
    x_looks.back().frames.emplace_back(frame.begin(), frame.end());
    return *this;
  }

  /// SYN, SYN+ACK and ACK.
  PlayedPackets& handshake(std::uint16_t port = 40'000) {
    using namespace tcp_bits;
    return tcp(true, {.seq = 0, .flags = syn}, 0, port)
        .tcp(false, {.seq = 0, .ack = 1, .flags = syn | ack}, 0, port)
        .tcp(true, {.seq = 1, .ack = 1, .flags = ack, .window_field = 1'000}, 0, port);
  }

  [[nodiscard]] bool next(PacketBatch& batch, std::chrono::milliseconds) override {
    batch.packets.clear();
    batch.buffer.clear();
    if (x_looks.empty() || stopped_at) return false;
    const Look look = std::move(x_looks.front());
    x_looks.pop_front();
    x_now_ns = look.time_ns;
    for (const auto& frame : look.frames) {
      batch.buffer.insert(batch.buffer.end(), frame.begin(), frame.end());
    }
    std::size_t at = 0;
    for (const auto& frame : look.frames) {
      batch.packets.push_back({.number = ++x_packets,
                               .time_ns = x_now_ns + static_cast<std::int64_t>(x_packets),
                               .wire_length = static_cast<std::uint32_t>(frame.size()),
                               .time_digits = 9,
                               .bytes = Bytes(batch.buffer).subspan(at, frame.size())});
      at += frame.size();
    }
    return true;
  }

  void stop(std::int64_t at_ns) override { stopped_at = at_ns; }
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const override { return x_captures; }
  [[nodiscard]] LiveCounts counts() override {
    return {.captured = x_packets, .received = x_packets};
  }
  [[nodiscard]] const std::string& trouble() const override { return x_trouble; }
  [[nodiscard]] std::int64_t now_ns() const { return x_now_ns; }

  std::optional<std::int64_t> stopped_at;

 private:
  struct Look {
    std::int64_t time_ns = 0;
    std::vector<std::vector<std::byte>> frames;
  };

  FrameMaker x_maker;
  std::deque<Look> x_looks;
  std::int64_t x_now_ns = played_begin_ns;
  std::uint64_t x_packets = 0;
  std::uint16_t x_identification = 0;
  std::vector<CaptureInfo> x_captures;
  std::string x_trouble;
};

}  // namespace tapdeck::test
