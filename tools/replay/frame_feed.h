// A thread that prepares frames ahead of the one that sends them, in memory of a fixed bound. What
// fits into it whole is prepared once: loops then cost nothing but sending.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "tools/replay/frame_chunk.h"

namespace tapdeck {

/// How frames are made; called in the feed's own thread.
struct FrameMaker {
  /// Fills an empty chunk; leaves it empty when there are no more. May throw.
  std::function<void(FrameChunk& chunk)> fill;
  /// The next chunk is the first one again.
  std::function<void()> start_again;
};

class FrameFeed {
 public:
  enum class Thread : std::uint8_t { own, callers };

  /// `several_loops`: keep what was sent as long as there is memory for it. In the caller's thread
  /// frames are made when they are asked for, whoever reads what the maker changes.
  FrameFeed(FrameMaker maker, std::size_t memory_octets, bool several_loops,
            Thread thread = Thread::own);
  /// Waits for the call of the maker that is running.
  ~FrameFeed();
  FrameFeed(const FrameFeed&) = delete;
  FrameFeed& operator=(const FrameFeed&) = delete;

  /// Returns when all frames are ready, the memory is full, or it is stopped.
  void wait_until_ahead(const std::atomic<bool>& stop);

  /// Null at the end, or when it is stopped while the next frames aren't ready: input may let wait
  /// for ever. The chunk before is given back. Throws what the maker threw.
  [[nodiscard]] const FrameChunk* next(const std::atomic<bool>& stop);

  /// Begins at the first frame again. Requires: next() returned null.
  void rewind();

  /// All chunks, if all are in memory; else null.
  [[nodiscard]] const std::deque<std::unique_ptr<FrameChunk>>* whole();

  /// The maker is not called any more. False: it runs still, and may wait for input for ever.
  [[nodiscard]] bool stop();

 private:
  using Lock = std::unique_lock<std::mutex>;

  void make_frames();
  [[nodiscard]] bool make_chunk();
  [[nodiscard]] bool wait_for_room(Lock& lock);
  void give_back_sent();

  const FrameMaker x_maker;
  const std::size_t x_memory_octets;
  std::mutex x_mutex;
  std::condition_variable x_changed;
  std::deque<std::unique_ptr<FrameChunk>> x_chunks;  // ready to be sent, the kept ones in front
  std::unique_ptr<FrameChunk> x_spare;
  std::size_t x_next = 0;    // index into the chunks
  std::size_t x_octets = 0;  // of memory that the chunks take
  bool x_keeps_sent;
  bool x_full = false;
  bool x_busy = false;
  bool x_ended = false;  // all frames of this loop are made
  bool x_wants_again = false;
  bool x_stopped = false;
  std::exception_ptr x_failure;
  std::thread x_thread;  // if it is its own; last: it uses all of the above
};

}  // namespace tapdeck
