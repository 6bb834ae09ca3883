// Packets for the replay's tests, which look at when and in which order they go.
#pragma once

#include <cstdint>
#include <vector>

#include "captures/transmit/transmitter.h"
#include "tools/replay/clock.h"
#include "tools/replay/frame_feed.h"

namespace tapdeck::test {

/// Frames of 100 octets at these times, numbered from 1; made in chunks of `per_chunk`.
class Frames {
 public:
  explicit Frames(std::vector<std::int64_t> times_ns, std::size_t per_chunk = 1000)
      : x_times_ns(std::move(times_ns)), x_per_chunk(per_chunk) {}

  /// The side of the frame with this index.
  std::function<std::uint8_t(std::size_t)> side = [](std::size_t) { return std::uint8_t{0}; };
  std::uint64_t readings = 1;

  [[nodiscard]] FrameMaker maker() {
    return {.fill = [this](FrameChunk& chunk) { fill(chunk); },
            .start_again =
                [this] {
                  ++readings;
                  x_next = 0;
                }};
  }

 private:
  void fill(FrameChunk& chunk) {
    for (std::size_t i = 0; i < x_per_chunk && x_next < x_times_ns.size(); ++i, ++x_next) {
      chunk.add({.number = x_next + 1,
                 .time_ns = x_times_ns[x_next],
                 .wire_length = 100,
                 .bytes = x_octets},
                side(x_next));
    }
  }

  std::vector<std::int64_t> x_times_ns;
  std::size_t x_per_chunk;
  std::size_t x_next = 0;
  std::vector<std::byte> x_octets = std::vector<std::byte>(100);
};

/// What a transmitter was given, when, and in which batches.
struct Sent {
  std::uint64_t number;
  std::int64_t at_ns;
  std::size_t batch;
  std::uint8_t side;

  friend bool operator==(const Sent&, const Sent&) = default;
};

/// Takes what it is told to take and writes it down.
class RecordingTransmitter final : public Transmitter {
 public:
  RecordingTransmitter(Clock& clock, std::vector<Sent>& log, std::uint8_t side = 0)
      : x_clock(clock), x_log(log), x_side(side) {}

  /// Called before frames are taken: the number that it takes of so many; fewer: with this errno.
  std::function<std::size_t(std::span<const Packet>)> take = [](std::span<const Packet> frames) {
    return frames.size();
  };
  int error = 0;

  [[nodiscard]] std::size_t send(std::span<const Packet> frames) override {
    const std::size_t taken = take(frames);
    const std::size_t batch = x_log.empty() ? 0 : x_log.back().batch + 1;
    for (const Packet& frame : frames.first(taken)) {
      x_log.push_back({frame.number, x_clock.now(), batch, x_side});
      x_counts.octets += frame.bytes.size();
    }
    x_counts.frames += taken;
    return taken;
  }
  [[nodiscard]] int refusal() const override { return error; }
  void finish(const std::atomic<bool>& /*stop*/) override { ++finished; }
  [[nodiscard]] const TransmitCounts& counts() const override { return x_counts; }

  int finished = 0;

 private:
  Clock& x_clock;
  std::vector<Sent>& x_log;
  std::uint8_t x_side;
  TransmitCounts x_counts;
};

}  // namespace tapdeck::test
