#include "captures/ahead_bytes.h"

#include <algorithm>
#include <utility>

namespace tapdeck {

AheadBytes::AheadBytes(std::unique_ptr<ByteSource> source)
    : x_source(std::move(source)),
      x_compression(x_source->compression()),
      x_octets_total(x_source->octets_total()) {}

AheadBytes::~AheadBytes() {
  if (!x_thread.joinable()) return;
  {
    const std::lock_guard lock(x_mutex);
    x_stops = true;
  }
  x_source->interrupt();
  x_emptied_some.notify_one();
  x_thread.join();
}

std::size_t AheadBytes::read(std::span<std::byte> room) {
  if (x_at_end) return 0;
  if (!x_thread.joinable()) x_thread = std::thread([this] { run(); });
  Block& oldest = x_blocks[x_emptied % blocks];
  if (x_taken == 0) {
    std::unique_lock lock(x_mutex);
    x_filled_some.wait(lock, [this] { return x_filled != x_emptied; });
    x_octets_read = oldest.octets_read;
    x_at_end = oldest.size == 0;
    if (x_at_end) {
      if (x_thrown) std::rethrow_exception(std::exchange(x_thrown, {}));
      x_trouble = x_source->trouble();  // the thread is done with it
      return 0;
    }
  }
  const std::size_t count = std::min(room.size(), oldest.size - x_taken);
  std::copy_n(oldest.bytes.begin() + static_cast<std::ptrdiff_t>(x_taken), count, room.begin());
  x_taken += count;
  if (x_taken == oldest.size) {
    x_taken = 0;
    {
      const std::lock_guard lock(x_mutex);
      ++x_emptied;
    }
    x_emptied_some.notify_one();
  }
  return count;
}

void AheadBytes::fill(Block& block) {
  try {
    block.bytes.resize(block_octets);
    block.size = x_source->read(block.bytes);
    block.octets_read = x_source->octets_read();
  } catch (...) {
    block.size = 0;
    x_thrown = std::current_exception();
  }
}

void AheadBytes::run() {
  for (bool at_end = false; !at_end;) {
    Block& block = x_blocks[x_filled % blocks];
    {
      std::unique_lock lock(x_mutex);
      x_emptied_some.wait(lock, [this] { return x_filled - x_emptied < blocks || x_stops; });
      if (x_stops) return;
    }
    fill(block);
    at_end = block.size == 0;
    {
      const std::lock_guard lock(x_mutex);
      ++x_filled;
    }
    x_filled_some.notify_one();
  }
}

}  // namespace tapdeck
