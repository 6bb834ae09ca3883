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

FramePreparer::FramePreparer(const InputOptions& from, const PreparationOptions& options,
                             Sandbox& sandbox)
    : x_reads_while_it_comes(std::ranges::any_of(from.paths, is_pipe)),
      x_rewriter(options.rules),
      x_fitter(options.fitting),
      x_input(from, true, sandbox) {
  if (options.unknown_side) x_split.emplace(*options.unknown_side);
}

FrameMaker FramePreparer::maker() {
  return {.fill = [this](FrameChunk& chunk) { fill(chunk); },
          .start_again = [this] { start_again(); }};
}

void FramePreparer::fill(FrameChunk& chunk) {
  if (!x_has_begun && x_split) learn_sides();
  x_has_begun = true;
  fill_up(chunk);
  x_counts.rewritten = x_rewriter.counts();
  x_counts.fitted = x_fitter.counts();
  if (x_split) x_counts.split = x_split->counts();
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

/// False: there are no more packets.
bool FramePreparer::next_frames() {
  if (x_position == x_batch.packets.size()) {
    x_position = 0;
    x_batch.packets.clear();
    if (!(x_again ? x_again->next(x_batch) : x_input.next(x_batch))) return false;
  }
  const Packet& packet = x_batch.packets[x_position++];
  if (x_split) x_side = static_cast<std::uint8_t>(index_of(x_split->side_of(packet)));
  x_ready = frames_of(packet);
  ++x_counts.packets;
  return true;
}

std::span<const Packet> FramePreparer::frames_of(const Packet& packet) {
  x_rewritten = packet;
  if (x_rewriter.has_rules()) {
    const std::span<const Packet> batch = x_batch.packets;
    const auto rewritten = x_rewriter.rewrite(packet, batch.subspan(x_position));
    if (!rewritten) return {};
    x_rewritten = *rewritten;
  }
  return x_fitter.fit(x_rewritten);
}

/// Who is on which side shows late in a capture; what can't be read twice goes without.
void FramePreparer::learn_sides() {
  if (x_reads_while_it_comes) return;
  const std::unique_ptr<PacketSource> source = x_input.open_again();
  PacketBatch batch;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) x_split->learn(packet);
  }
  x_split->start();
}

void FramePreparer::start_again() {
  if (x_reads_while_it_comes) {
    throw Failure(ExitCode::usage,
                  "a pipe can't be read again for another loop, and what came doesn't fit into\n"
                  "the memory of --preload");
  }
  x_again = x_input.open_again();
  if (x_split) x_split->start();
  x_batch.packets.clear();
  x_position = 0;
}

}  // namespace tapdeck
