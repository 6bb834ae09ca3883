// The loop of a live capture: packets are analyzed as they come and go on to the file, and time
// passes when none come. Everything that it looks at is handed in, the clock too, so that a test
// can play months in minutes.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>

#include "analyzer/analysis.h"
#include "captures/background_capture.h"
#include "captures/live_source.h"
#include "tools/tapdeck/live_news.h"

namespace tapdeck {

struct LiveSettings {
  std::int64_t flush_ns = 1'000'000'000;  // what is older than that has left the program
};

enum class LiveWish : std::uint8_t {
  go_on,
  end,          // with everything that has arrived
  end_at_once,  // with what was taken so far
};

struct LiveParts {
  LivePackets& source;
  Analysis& analysis;
  LiveNews& news;
  BackgroundCapture* writer = nullptr;  // null: nothing is written
  /// Of packets that were analyzed and go on to the writer now; may be empty.
  std::function<void(const PacketBatch& batch)> on_packets = {};
  /// Nanoseconds since the epoch, as packets are stamped.
  std::function<std::int64_t()> clock;
  /// Called many times a second, between packets.
  std::function<LiveWish(std::int64_t now_ns)> on_tick;
};

class LiveSession {
 public:
  LiveSession(const LiveSettings& settings, LiveParts parts);

  /// Until the source ends, or is told to and has handed out what had arrived by then; then what
  /// was analyzed is told to its end.
  void run();

  /// What writing threw, which ended the capture; null: nothing.
  [[nodiscard]] std::exception_ptr write_failure() const { return x_write_failure; }

 private:
  void pass_time(std::int64_t now_ns);
  void hand_over(PacketBatch& batch, std::int64_t now_ns);
  void finish();
  template <class Work>
  void guarded(Work work);

  LiveSettings x_settings;
  LiveParts x_parts;
  std::int64_t x_advanced_ns;
  std::int64_t x_flushed_ns;
  std::exception_ptr x_write_failure;
};

}  // namespace tapdeck
