// The emulated link: takes the frames of two hosts, lets each suffer its fate, hands over what is
// left of them at its time, and has everything recorded.
#pragma once

#include <array>
#include <cstdint>
#include <queue>
#include <string>
#include <vector>

#include "tools/lab/link/frame_fate.h"
#include "tools/lab/link/impairment.h"
#include "tools/lab/link/link_recorder.h"
#include "tools/lab/link/tap.h"
#include "tools/lab/link/trigger_watch.h"

namespace tapdeck {

struct HostEnd {
  std::string network_namespace;
  std::string interface;
};

struct LinkOptions {
  HostEnd client;
  HostEnd server;
  Impairment up;
  Impairment down;
  std::uint64_t seed = 1;
  bool offloads = false;
  RecorderOptions recorder;
};

class Link {
 public:
  /// Makes the interfaces. Throws Failure.
  explicit Link(const LinkOptions& options);

  /// Until `stop_descriptor` becomes readable. Throws Failure.
  void run(int stop_descriptor);

 private:
  struct Delivery {
    std::int64_t time_ns = 0;
    std::uint64_t number = 0;  // in the order of their making: decides between equal times
    FrameFate* fate = nullptr;
    std::uint64_t CapturedAs::*which = &CapturedAs::frame;
    std::shared_ptr<const std::vector<std::byte>> frame;

    friend bool operator<(const Delivery& a, const Delivery& b) {
      return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.number > b.number;
    }
  };

  [[nodiscard]] Tap& tap_of(CapturePoint host) {
    return host == CapturePoint::client ? x_client : x_server;
  }
  /// Takes all that the hosts have sent.
  void take_frames();
  void take(Way way, const TapFrame& sent);
  void send(Way way, std::int64_t time_ns, std::vector<std::byte> frame, FrameFate& fate);
  void schedule(std::int64_t time_ns, FrameFate& fate, std::uint64_t CapturedAs::*which,
                const std::shared_ptr<const std::vector<std::byte>>& frame);
  void deliver(const Delivery& due);
  /// False: it became time to stop.
  [[nodiscard]] bool wait(int stop_descriptor);

  Tap x_client;
  Tap x_server;
  std::array<TriggerWatch, 2> x_trigger_watches;  // by the sender's Way
  LinkRecorder x_recorder;
  std::array<FateMaker, 2> x_fate_makers;
  std::array<std::int64_t, 2> x_plain_delay_ns;  // of what isn't TCP
  std::int64_t x_first_ns = 0;                   // 0: no TCP frame yet
  std::uint64_t x_deliveries = 0;
  std::priority_queue<Delivery> x_waiting;
};

}  // namespace tapdeck
