#include "tools/bench/frame_sender.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "tools/bench/frame_maker.h"
#include "tools/bench/send_socket.h"

namespace tapdeck {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t frame_octets = 64;
constexpr std::size_t headers_octets = 42;  // Ethernet, IPv4, UDP
constexpr std::size_t most_at_once = 64;

/// Frames that are sent again and again, with another number each time.
class FrameSet {
 public:
  explicit FrameSet(std::uint64_t flows) {
    FrameMaker maker;
    const std::array<std::byte, frame_octets - headers_octets> payload{};
    for (std::uint64_t flow = 0; flow < flows; ++flow) {
      constexpr std::uint32_t hosts = 0xc0000200;  // 192.0.2.0
      const GeneratedRoute route{
          .from = {.host = hosts + 1, .port = static_cast<std::uint16_t>(10'000 + flow)},
          .to = {.host = hosts + 2, .port = 9}};
      const Bytes frame = maker.udp(route, payload);
      auto& kept = x_frames.emplace_back();
      std::ranges::copy(frame.first(std::min(frame.size(), kept.size())), kept.begin());
    }
    for (std::size_t i = 0; i < most_at_once; ++i) {
      x_vectors[i] = {.iov_base = x_sent[i].data(), .iov_len = frame_octets};
      x_messages[i].msg_hdr.msg_iov = &x_vectors[i];
      x_messages[i].msg_hdr.msg_iovlen = 1;
    }
  }

  /// The messages with these numbers.
  mmsghdr* prepare(std::uint64_t first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t number = first + i;
      x_sent[i] = x_frames[number % x_frames.size()];
      std::memcpy(x_sent[i].data() + headers_octets, &number, sizeof number);
      x_sent[i][40] = x_sent[i][41] = std::byte{0};  // no checksum, since the number changes
    }
    return x_messages.data();
  }

 private:
  using Frame = std::array<std::byte, frame_octets>;
  std::vector<Frame> x_frames;
  std::array<Frame, most_at_once> x_sent{};
  std::array<iovec, most_at_once> x_vectors{};
  std::array<mmsghdr, most_at_once> x_messages{};
};

}  // namespace

Sent send_frames(const SendOptions& options) {
  SendSocket socket(options.interface, Queueing::bypassed);
  FrameSet frames(std::clamp<std::uint64_t>(options.flows, 1, 50'000));
  Sent result;
  const auto begin = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  while (result.frames < options.frames) {
    std::uint64_t due = options.frames;
    if (options.rate != 0) {
      due = std::min(due,
                     1 + static_cast<std::uint64_t>(elapsed() * static_cast<double>(options.rate)));
    }
    if (due <= result.frames) {
      std::this_thread::sleep_for(std::chrono::microseconds(50));
      continue;
    }
    const auto count = std::min<std::uint64_t>(due - result.frames, most_at_once);
    const std::size_t sent = socket.send({frames.prepare(result.frames, count), count});
    result.frames += sent;
    if (sent == 0) ++result.refused;
  }
  result.seconds = elapsed();
  return result;
}

}  // namespace tapdeck
