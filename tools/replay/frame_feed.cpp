#include "tools/replay/frame_feed.h"

#include <chrono>
#include <utility>

namespace tapdeck {
namespace {

constexpr std::chrono::milliseconds patience{50};  // until it is looked whether to stop

}  // namespace

FrameFeed::FrameFeed(FrameMaker maker, std::size_t memory_octets, bool several_loops, Thread thread)
    : x_maker(std::move(maker)), x_memory_octets(memory_octets), x_keeps_sent(several_loops) {
  if (thread == Thread::own) x_thread = std::thread([this] { make_frames(); });
}

FrameFeed::~FrameFeed() {
  static_cast<void>(stop());
  if (x_thread.joinable()) x_thread.join();
}

void FrameFeed::make_frames() {
  try {
    while (make_chunk()) {
    }
  } catch (...) {
    const Lock lock(x_mutex);
    x_failure = std::current_exception();
    x_busy = false;
    x_ended = true;
    x_changed.notify_all();
  }
}

/// False: nobody wants more.
bool FrameFeed::make_chunk() {
  std::unique_ptr<FrameChunk> chunk;
  {
    Lock lock(x_mutex);
    if (!wait_for_room(lock)) return false;
    chunk = x_spare ? std::move(x_spare) : std::make_unique<FrameChunk>();
    x_busy = true;
  }
  chunk->clear();
  x_maker.fill(*chunk);
  const Lock lock(x_mutex);
  x_busy = false;
  if (chunk->frames().empty()) {
    x_ended = true;
  } else {
    x_octets += chunk->memory_octets();
    x_chunks.push_back(std::move(chunk));
  }
  x_changed.notify_all();
  return true;
}

/// False: nobody wants more.
bool FrameFeed::wait_for_room(Lock& lock) {
  x_full = x_octets >= x_memory_octets && !x_chunks.empty();
  if (x_full && x_keeps_sent) {
    x_keeps_sent = false;  // the capture doesn't fit: later loops are prepared anew
    give_back_sent();
  }
  if (x_full) x_changed.notify_all();
  x_changed.wait(lock, [this] {
    return x_stopped || x_wants_again ||
           (!x_ended && (x_octets < x_memory_octets || x_next == x_chunks.size()));
  });
  if (x_stopped) return false;
  if (std::exchange(x_wants_again, false)) {
    x_ended = false;
    x_maker.start_again();
  }
  return true;
}

void FrameFeed::give_back_sent() {
  while (x_next > 1) {  // the last one is being sent
    x_octets -= x_chunks.front()->memory_octets();
    x_chunks.pop_front();
    --x_next;
  }
}

void FrameFeed::wait_until_ahead(const std::atomic<bool>& stop) {
  if (!x_thread.joinable()) return;
  Lock lock(x_mutex);
  while (!x_ended && !x_full && !stop) x_changed.wait_for(lock, patience);
}

const FrameChunk* FrameFeed::next(const std::atomic<bool>& stop) {
  Lock lock(x_mutex);
  if (!x_keeps_sent && x_next > 0) {
    give_back_sent();
    x_octets -= x_chunks.front()->memory_octets();
    x_spare = std::move(x_chunks.front());
    x_chunks.pop_front();
    --x_next;
    x_changed.notify_all();
  }
  while (x_next == x_chunks.size() && !x_ended) {
    if (stop) return nullptr;
    if (x_thread.joinable()) {
      x_changed.wait_for(lock, patience);
    } else {
      lock.unlock();
      static_cast<void>(make_chunk());
      lock.lock();
    }
  }
  if (x_next < x_chunks.size()) return x_chunks[x_next++].get();
  if (x_failure) std::rethrow_exception(x_failure);
  return nullptr;
}

void FrameFeed::rewind() {
  const Lock lock(x_mutex);
  x_next = 0;
  if (x_keeps_sent) return;
  x_chunks.clear();
  x_octets = 0;
  x_wants_again = true;
  x_ended = false;
  x_changed.notify_all();
}

const std::deque<std::unique_ptr<FrameChunk>>* FrameFeed::whole() {
  const Lock lock(x_mutex);
  return x_ended && !x_failure && x_next == 0 ? &x_chunks : nullptr;
}

bool FrameFeed::stop() {
  const Lock lock(x_mutex);
  x_stopped = true;
  x_changed.notify_all();
  return !x_busy || !x_thread.joinable();
}

}  // namespace tapdeck
