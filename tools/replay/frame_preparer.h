// From captures to frames ready to be sent, in one straight line: each packet is read, given its
// side, rewritten by the rules, made to fit where it goes, and copied to where the sender finds it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "captures/capture_writer.h"
#include "tools/replay/frame_feed.h"
#include "tools/replay/frame_fitter.h"
#include "tools/replay/rewriting/rewriter.h"
#include "tools/replay/side_split.h"
#include "tools/tapdeck/input.h"

namespace tapdeck {

struct PreparationOptions {
  RewriteRules rules = {};
  FittingOptions fitting = {};
  /// There are two sides, and this one sends what nothing tells the side of.
  std::optional<Side> unknown_side = {};
};

struct PreparationCounts {
  std::uint64_t packets = 0;  // read, in all loops
  std::uint64_t frames = 0;   // made of them
  RewriteCounts rewritten;
  FittingCounts fitted;
  SideCounts split;
};

class FramePreparer {
 public:
  /// Throws as Input and Rewriter do; tells the sandbox what is to be read and opens nothing.
  FramePreparer(const InputOptions& from, const PreparationOptions& options, Sandbox& sandbox);

  /// Requires: the sandbox has been entered. So does whatever follows.
  void open() { x_input.open(); }

  /// As of Input. Requires: there is no feed yet.
  [[nodiscard]] bool readable() { return x_input.readable(); }

  /// Some input is a pipe, which may give packets for hours: what it gave is handed on at once.
  [[nodiscard]] bool reads_while_it_comes() const { return x_reads_while_it_comes; }

  /// Of what is made from the captured packets.
  [[nodiscard]] PacketLengths lengths() const {
    return x_fitter.may_lengthen() || x_rewriter.may_lengthen() ? PacketLengths::maybe_longer
                                                                : PacketLengths::captured;
  }

  /// What may be written of the interfaces that the packets come from.
  [[nodiscard]] InterfaceTexts interface_texts() const { return x_rewriter.interface_texts(); }

  /// What the feed's thread calls. Requires: outlives the feed.
  [[nodiscard]] FrameMaker maker();

  /// Of the first reading. While the feed works, only what was read before.
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const {
    return x_input.source().captures();
  }

  /// Complains of what was wrong with the captures. Requires: the feed is gone.
  [[nodiscard]] ExitCode finish() { return x_input.finish(); }

  /// As of Input. Requires: the feed is gone.
  [[nodiscard]] std::string filter_hint() const { return x_input.filter_hint(); }

  /// Requires: the feed is gone.
  [[nodiscard]] const Rewriter& rewriter() const { return x_rewriter; }

  /// Of the chunks that were filled; from any thread.
  [[nodiscard]] PreparationCounts counts() const;

 private:
  void fill(FrameChunk& chunk);
  void fill_up(FrameChunk& chunk);
  void start_again();
  void learn_sides();
  [[nodiscard]] bool next_frames();
  [[nodiscard]] std::span<const Packet> frames_of(const Packet& packet);

  bool x_reads_while_it_comes;
  Rewriter x_rewriter;
  FrameFitter x_fitter;
  std::optional<SideSplit> x_split;
  Input x_input;
  std::unique_ptr<PacketSource> x_again;  // of a later loop
  PreparationCounts x_counts;
  mutable std::mutex x_mutex;  // of what follows
  PreparationCounts x_shown;   // the counts when a chunk was full
  PacketBatch x_batch;
  std::size_t x_position = 0;  // of the next packet in the batch
  Packet x_rewritten;
  std::span<const Packet> x_ready;  // made of the packet before it, and not handed on yet …
  std::uint8_t x_side = 0;          // … and where they leave
  bool x_has_begun = false;
};

}  // namespace tapdeck
