#include "tools/bench/bare_sender.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <sys/uio.h>

#include "captures/packet_source.h"

namespace tapdeck {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_at_once = 128;

struct Frame {
  std::size_t offset;
  std::size_t octets;
  std::int64_t time_ns;
};

/// All frames of a capture, one behind the other.
class LoadedFrames {
 public:
  explicit LoadedFrames(const std::string& capture) {
    const std::unique_ptr<PacketSource> source = open_captures({capture}, {});
    PacketBatch batch;
    while (source->next(batch)) {
      for (const Packet& packet : batch.packets) {
        x_frames.push_back({x_octets.size(), packet.bytes.size(), packet.time_ns});
        x_octets.insert(x_octets.end(), packet.bytes.begin(), packet.bytes.end());
      }
    }
  }

  [[nodiscard]] std::size_t count() const { return x_frames.size(); }
  [[nodiscard]] iovec octets(std::size_t index) {
    return {.iov_base = x_octets.data() + x_frames[index].offset,
            .iov_len = x_frames[index].octets};
  }
  [[nodiscard]] std::chrono::nanoseconds since_first(std::size_t index) const {
    return std::chrono::nanoseconds(x_frames[index].time_ns - x_frames.front().time_ns);
  }

 private:
  std::vector<std::byte> x_octets;
  std::vector<Frame> x_frames;
};

}  // namespace

Sent send_bare(const BareOptions& options) {
  SendSocket socket(options.interface, options.queueing);
  LoadedFrames frames(options.capture);
  std::array<iovec, most_at_once> octets{};
  std::array<mmsghdr, most_at_once> messages{};
  for (std::size_t i = 0; i < most_at_once; ++i) {
    messages[i].msg_hdr.msg_iov = &octets[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  Sent result;
  const Clock::time_point begin = Clock::now();
  while (result.frames < frames.count()) {
    const std::size_t left = frames.count() - result.frames;
    const std::size_t count = options.in_time ? 1 : std::min(left, most_at_once);
    for (std::size_t i = 0; i < count; ++i) octets[i] = frames.octets(result.frames + i);
    if (options.in_time) {
      const Clock::time_point due = begin + frames.since_first(result.frames);
      while (Clock::now() < due) {
      }
    }
    const std::size_t sent = socket.send(std::span(messages).first(count));
    result.frames += sent;
    if (sent == 0) ++result.refused;
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return result;
}

}  // namespace tapdeck
