// The proof of a replay: captures what arrives at the far interface while it runs, and compares it
// with what was sent. A thread of its own captures and compares; the sender only leaves a digest.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "captures/live_source.h"
#include "captures/packet.h"
#include "captures/transmit/network_interface.h"
#include "tools/replay/frame_matcher.h"

namespace tapdeck {

struct VerifierOptions {
  std::string interface;
  std::string sender;  ///< The interface that sends, in this network namespace.
  /// The network namespace that it is in, by name (as of `ip netns`) or path; empty: this one.
  std::string network_namespace;
  std::uint64_t buffer_octets = std::uint64_t{128} << 20U;
  bool times_matter = true;
};

struct VerifierResult {
  MatchCounts matched;
  std::uint64_t dropped_by_capture = 0;    // the kernel's ring was full
  std::uint64_t dropped_by_interface = 0;  // before anybody could see it
  std::string trouble;                     // why the capture ended early; empty: it didn't
};

class Verifier {
 public:
  /// The kernel captures when it returns. Throws Failure(usage) for the interface that sends,
  /// Failure(no_permission) where capturing isn't possible.
  explicit Verifier(VerifierOptions options);
  ~Verifier();
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;

  /// Of the socket that captures.
  [[nodiscard]] int descriptor() const { return x_source->descriptor(); }

  /// Starts the thread, which opens nothing more.
  void start();

  /// The time of the first place, by the monotonic clock; before the first frame.
  void begin(std::int64_t start_ns);

  /// These were sent, with their places on the schedule. Returns at once unless far more than can
  /// be compared is waiting.
  void sent(std::span<const Packet> frames, std::span<const std::int64_t> places_ns);

  /// Waits for what is still on its way, but not for ever.
  [[nodiscard]] VerifierResult finish();

 private:
  struct Sent {
    FrameDigest digest;
    std::uint64_t number;
    std::int64_t place_ns;
  };

  void open();
  void run();
  void join();
  void capture();
  void take_sent();
  void match_arrived(std::int64_t until_ns);

  VerifierOptions x_options;
  std::optional<LiveSource> x_source;
  std::optional<CountedInterface> x_counted;
  std::uint64_t x_lost_before = 0;  // arrivals
  std::mutex x_mutex;
  std::condition_variable x_changed;
  // Guarded by the mutex.
  std::vector<Sent> x_sent;
  std::int64_t x_start_ns = 0;       // by the clock of captures
  std::int64_t x_sent_until_ns = 0;  // all that left before is known, by the clock of captures
  bool x_finishing = false;
  std::exception_ptr x_failure;
  // Of the thread.
  struct Arrived {
    FrameDigest digest;
    std::int64_t time_ns;
  };
  std::vector<Sent> x_taken;
  std::deque<Arrived> x_arrived;
  FrameMatcher x_matcher;
  VerifierResult x_result;
  std::thread x_thread;  // last: it uses all of the above
};

}  // namespace tapdeck
