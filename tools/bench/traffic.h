// The kinds of traffic that can be generated, and what they share.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "tools/bench/frame_maker.h"
#include "tools/bench/generated_capture.h"

namespace tapdeck {

struct TrafficOptions {
  std::uint64_t packets = 1'000'000;
  std::uint64_t flows = 0;
  std::uint64_t seed = 1;
};

struct TrafficKind {
  std::string_view name;
  std::string_view help;
  /// How many flows there are unless asked for: packets / this; 0 means a single flow.
  std::uint64_t packets_per_flow;
  /// With fewer packets a flow, not all of the flows asked for would appear.
  std::uint64_t fewest_packets_per_flow;
  /// Fills the capture until it is full.
  void (*generate)(GeneratedCapture& capture, const TrafficOptions& options);
};

[[nodiscard]] std::span<const TrafficKind> traffic_kinds();

void generate_web(GeneratedCapture& capture, const TrafficOptions& options);
void generate_elephant(GeneratedCapture& capture, const TrafficOptions& options);
void generate_udp(GeneratedCapture& capture, const TrafficOptions& options);
void generate_syn_flood(GeneratedCapture& capture, const TrafficOptions& options);
void generate_colliding(GeneratedCapture& capture, const TrafficOptions& options);
void generate_idle(GeneratedCapture& capture, const TrafficOptions& options);

/// A different client for every index: 16 ports of every host from 10.0.0.0 on.
[[nodiscard]] Place client_place(std::uint64_t index);

/// `size` octets of noise, the same for equal `key`. Requires: size <= 4096.
[[nodiscard]] Bytes noise(std::uint64_t key, std::size_t size);

/// Packets that follow from each other, such as those of a connection.
class GeneratedConversation {
 public:
  GeneratedConversation() = default;
  GeneratedConversation(const GeneratedConversation&) = delete;
  GeneratedConversation& operator=(const GeneratedConversation&) = delete;
  virtual ~GeneratedConversation() = default;

  /// When the next packet is due.
  [[nodiscard]] virtual std::int64_t time_ns() const = 0;
  [[nodiscard]] virtual Bytes frame(FrameMaker& maker) = 0;
  /// Goes on to the packet behind. False: there is none.
  [[nodiscard]] virtual bool advance() = 0;
};

struct ConversationPlan {
  std::uint64_t conversations = 0;
  /// When conversation number `index` begins; never earlier than the one before.
  std::function<std::int64_t(std::uint64_t index)> begin_ns;
  std::function<std::unique_ptr<GeneratedConversation>(std::uint64_t index)> make;
};

/// Writes the packets of all conversations in the order of time, until the capture is full.
void interleave(GeneratedCapture& capture, const ConversationPlan& plan);

}  // namespace tapdeck
