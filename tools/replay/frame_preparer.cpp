#include "tools/replay/frame_preparer.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace tapdeck {
namespace {

bool is_pipe(const std::string& path) {
  std::error_code ignored;
  return path == "-" || std::filesystem::is_fifo(path, ignored);
}

}  // namespace

FramePreparer::FramePreparer(const PreparationOptions& options)
    : x_from(options.from),
      x_reads_while_it_comes(std::ranges::any_of(options.from.paths, is_pipe)),
      x_first(options.from, true),
      x_rewriter(options.rules) {
  if (options.fitting) x_fitter.emplace(*options.fitting);
  if (options.unknown_side) x_split.emplace(*options.unknown_side);
}

FrameMaker FramePreparer::maker() {
  return {.fill = [this](FrameChunk& chunk) { fill(chunk); },
          .start_again = [this] { start_again(); }};
}

void FramePreparer::fill(FrameChunk& chunk) {
  if (x_split && !x_sides_are_known) learn_sides();
  fill_up(chunk);
  x_counts.rewriting = x_rewriter.counts();
  if (x_fitter) x_counts.fitting = x_fitter->counts();
  if (x_split) x_counts.sides = x_split->counts();
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
      chunk.add(x_ready.front(), x_side);
      ++x_counts.frames;
    }
    const bool batch_is_done = x_position == x_batch.packets.size();
    if (x_reads_while_it_comes && batch_is_done && !chunk.frames().empty()) return;
  }
}

/// Of the next packet of which there are some. False: there are no more packets.
bool FramePreparer::next_frames() {
  while (x_ready.empty()) {
    if (x_position == x_batch.packets.size()) {
      x_position = 0;
      x_batch.packets.clear();
      if (!(x_again ? *x_again : x_first).next(x_batch)) return false;
    }
    make_frames(x_batch.packets[x_position++]);
  }
  return true;
}

void FramePreparer::make_frames(const Packet& packet) {
  ++x_counts.packets;
  if (x_split) x_side = static_cast<std::uint8_t>(index_of(x_split->side_of(packet)));
  x_rewritten = packet;
  if (x_rewriter.has_rules()) {
    const auto rewritten =
        x_rewriter.rewrite(packet, std::span<const Packet>(x_batch.packets).subspan(x_position));
    if (!rewritten) return;
    x_rewritten = *rewritten;
  }
  x_ready = {&x_rewritten, 1};
  if (x_fitter) x_ready = x_fitter->fit(x_rewritten);
}

/// Who asks by ARP is told by a connection that comes later.
void FramePreparer::learn_sides() {
  x_sides_are_known = true;
  if (!x_reads_while_it_comes) {
    Input whole(x_from, true);
    PacketBatch batch;
    while (whole.next(batch)) {
      for (const Packet& packet : batch.packets) x_split->learn(packet);
    }
  }
  x_split->start();
}

void FramePreparer::start_again() {
  if (x_reads_while_it_comes) {
    throw Failure(ExitCode::usage,
                  "a pipe can't be read again for another loop, and doesn't fit into the memory "
                  "of --preload");
  }
  x_again = std::make_unique<Input>(x_from, true);
  x_batch.packets.clear();
  x_position = 0;
  if (x_split) x_split->start();
}

}  // namespace tapdeck
