#include "tools/replay/frame_preparer.h"

#include <algorithm>

namespace tapdeck {

FramePreparer::FramePreparer(const InputOptions& from) : x_from(from), x_first(from, true) {}

FrameMaker FramePreparer::maker() {
  return {.fill = [this](FrameChunk& chunk) { fill(chunk); },
          .start_again = [this] { start_again(); }};
}

void FramePreparer::fill(FrameChunk& chunk) {
  fill_up(chunk);
  const std::lock_guard lock(x_mutex);
  x_shown = x_counts;
}

PreparationCounts FramePreparer::counts() const {
  const std::lock_guard lock(x_mutex);
  return x_shown;
}

void FramePreparer::fill_up(FrameChunk& chunk) {
  while (!x_ready.empty() || next_frames()) {
    for (; !x_ready.empty(); x_ready = x_ready.subspan(1)) {
      if (!chunk.has_room(x_ready.front().bytes.size())) return;
      chunk.add(x_ready.front(), 0);
      ++x_counts.frames;
    }
  }
}

/// False: there are no more packets.
bool FramePreparer::next_frames() {
  if (x_position == x_batch.packets.size()) {
    x_position = 0;
    x_batch.packets.clear();
    if (!(x_again ? *x_again : x_first).next(x_batch)) return false;
  }
  x_ready = {&x_batch.packets[x_position++], 1};
  ++x_counts.packets;
  return true;
}

void FramePreparer::start_again() {
  if (std::ranges::find(x_from.paths, "-") != x_from.paths.end()) {
    throw Failure(ExitCode::usage,
                  "standard input can't be read again for another loop, and doesn't fit into the "
                  "memory of --preload");
  }
  x_again = std::make_unique<Input>(x_from, true);
  x_batch.packets.clear();
  x_position = 0;
}

}  // namespace tapdeck
