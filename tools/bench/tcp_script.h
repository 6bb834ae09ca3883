// Writes down what one TCP connection puts on the wire, step by step, as a capture beside the
// client sees it: bursts under a growing window, ACKs, and segments that are lost, overtaken and
// sent again.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "tools/bench/traffic_random.h"

namespace tapdeck {

enum class GeneratedSide : std::uint8_t { client, server };

struct ScriptedSegment {
  std::int64_t seen_ns = 0;  // when it passes the capture
  std::int64_t sent_ns = 0;  // what its timestamp tells
  std::int64_t echo_ns = 0;  // when the segment was sent whose timestamp it echoes
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
  std::uint32_t sack_begin = 0;
  std::uint32_t sack_end = 0;
  std::uint32_t payload_octets = 0;
  std::uint16_t identification = 0;
  GeneratedSide from = GeneratedSide::client;
  std::uint8_t flags = 0;
  bool starts_message = false;
};

struct GeneratedPath {
  std::int64_t round_trip_ns = 0;
  std::int64_t gap_ns = 0;  // between segments of a burst
  std::uint32_t segment_octets = 0;
  std::uint32_t window_limit = 64;  // segments
  /// Of a million data segments: lost on their way, half of them before they pass the capture; and
  /// overtaken by the next ones.
  std::uint32_t lost = 0;
  std::uint32_t overtaken = 0;
};

class TcpScript {
 public:
  TcpScript(const GeneratedPath& path, std::int64_t start_ns, std::uint64_t seed);

  void handshake();
  void send(GeneratedSide from, std::uint32_t octets);
  void pause(std::int64_t nanoseconds) { x_now_ns += nanoseconds; }
  void close(GeneratedSide first);
  void reset(GeneratedSide from);

  /// What was written down since the last call, in the order of the capture.
  [[nodiscard]] std::vector<ScriptedSegment> take();

 private:
  /// What one side has sent and received.
  struct Side {
    std::uint32_t snd_nxt = 0;
    std::uint32_t rcv_nxt = 0;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> held;  // received behind a gap
    std::int64_t echo_ns = 0;
    std::uint32_t window_segments = 10;
    std::uint32_t not_acknowledged = 0;
    std::uint16_t identification = 0;
  };
  enum class Fate : std::uint8_t { arrives, lost_before_capture, lost_after_capture };
  struct InFlight {
    ScriptedSegment segment;
    Fate fate = Fate::arrives;
  };

  [[nodiscard]] Side& side(GeneratedSide which) { return x_sides[static_cast<std::size_t>(which)]; }
  [[nodiscard]] std::int64_t answer_delay_ns(GeneratedSide receiver);
  ScriptedSegment make(GeneratedSide from, std::uint8_t flags, std::uint32_t octets);
  void emit(GeneratedSide from, std::uint8_t flags);
  [[nodiscard]] std::vector<InFlight> burst(GeneratedSide from, std::uint32_t octets, bool first);
  void draw_fate(InFlight& sent, bool last);
  void deliver(const std::vector<InFlight>& sent);
  void send_again(std::vector<InFlight> lost);
  void receive(const ScriptedSegment& segment);
  void acknowledge(const ScriptedSegment& segment, bool in_order);

  GeneratedPath x_path;
  TrafficRandom x_random;
  std::int64_t x_now_ns;
  std::array<Side, 2> x_sides;
  std::vector<ScriptedSegment> x_script;
};

}  // namespace tapdeck
