#include "tools/bench/replay_captures.h"

#include <vector>

#include "captures/capture_writer.h"
#include "tools/bench/frame_maker.h"
#include "tools/bench/traffic.h"
#include "tools/bench/traffic_random.h"

namespace tapdeck {
namespace {

constexpr std::int64_t begin_ns = 1'704'067'200'000'000'000;  // 2024-01-01T00:00:00Z
constexpr std::uint64_t seed = 1;

std::size_t small_frame(TrafficRandom& random) { return 60 + random.below(65); }

std::size_t frame_octets(FrameSizes sizes, TrafficRandom& random) {
  constexpr std::size_t usual = 100, longest = 1514;
  switch (sizes) {
    case FrameSizes::equal:
      return usual;
    case FrameSizes::small:
      return small_frame(random);
    case FrameSizes::mixed:
      switch (random.below(4)) {
        case 0:
          return 125 + random.below(1076);
        case 1:
          return longest;
        default:
          return small_frame(random);
      }
  }
  return usual;
}

}  // namespace

void write_replay_capture(const std::string& path, const ReplayCapture& wish) {
  constexpr std::size_t headers = 42;      // of Ethernet, IPv4 and UDP
  const std::vector<CaptureInfo> made_up;  // the packets come from no capture
  const auto writer = create_capture(path, made_up);
  TrafficRandom random(seed);
  FrameMaker maker;
  const Place server{.host = 0xc6120001, .port = 9};
  for (std::uint64_t i = 0; i < wish.packets; ++i) {
    const std::size_t octets = frame_octets(wish.sizes, random);
    const GeneratedRoute route{.from = client_place(i % 1000),
                               .to = server,
                               .ip = GeneratedIp::version_4,
                               .identification = static_cast<std::uint16_t>(i)};
    const Bytes frame = maker.udp(route, noise(i, octets - headers));
    writer->write({.number = i + 1,
                   .time_ns = begin_ns + static_cast<std::int64_t>(i) * wish.gap_ns,
                   .wire_length = static_cast<std::uint32_t>(frame.size()),
                   .time_digits = 6,
                   .bytes = frame});
  }
  writer->close();
}

}  // namespace tapdeck
