// From captures to frames ready to be sent: one packet after the other is read, and copied to where
// the sender finds it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "tools/replay/frame_feed.h"
#include "tools/tapdeck/input.h"

namespace tapdeck {

struct PreparationCounts {
  std::uint64_t packets = 0;  // read, in all loops
  std::uint64_t frames = 0;   // made of them
};

class FramePreparer {
 public:
  /// Throws as Input does.
  explicit FramePreparer(const InputOptions& from);

  /// What the feed's thread calls. Requires: outlives the feed.
  [[nodiscard]] FrameMaker maker();

  /// Of the first reading. While the feed works, only what was read before.
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const {
    return x_first.source().captures();
  }

  /// Complains of what was wrong with the captures. Requires: the feed is gone.
  [[nodiscard]] ExitCode finish() { return x_first.finish(); }

  /// Of the chunks that were filled; from any thread.
  [[nodiscard]] PreparationCounts counts() const;

 private:
  void fill(FrameChunk& chunk);
  void fill_up(FrameChunk& chunk);
  void start_again();
  [[nodiscard]] bool next_frames();

  InputOptions x_from;
  Input x_first;
  std::unique_ptr<Input> x_again;  // of a later loop
  PreparationCounts x_counts;
  mutable std::mutex x_mutex;  // of what follows
  PreparationCounts x_shown;   // the counts when a chunk was full
  PacketBatch x_batch;
  std::size_t x_position = 0;       // of the next packet in the batch
  std::span<const Packet> x_ready;  // made of the packet before it, and not handed on yet
};

}  // namespace tapdeck
