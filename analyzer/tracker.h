// From dissected packets to conversations: finds each packet's shard, and hands packets to it in
// groups so that memory can be asked for early.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/flow/datagram_reader.h"
#include "analyzer/flow/flow_table.h"
#include "captures/packet.h"
#include "dissectors/dissection.h"

namespace tapdeck {

struct TrackerOptions {
  bool vlans_in_key = false;
  FlowLimits limits;     // of each shard
  TraceWish trace{};     // what of each TCP segment is kept for take_trace()
  bool predicts = true;  // false: slower, with the same result
};

class Tracker {
 public:
  explicit Tracker(const TrackerOptions& options);
  Tracker(const Tracker&) = delete;
  Tracker& operator=(const Tracker&) = delete;

  /// Takes a packet; it is tracked with its group at the latest when the group is full. True for a
  /// TCP segment: a verdict on it follows, if verdicts were wished.
  bool add(const Packet& packet, const Dissection& dissection, ChecksumStatus checksum);
  /// Tracks those that wait for their group to fill.
  void flush();

  /// True if it is time to look, before this frame, for what has been silent for too long. A
  /// property of frame numbers, not of batches, so that every way of reading gives the same report.
  [[nodiscard]] bool sweep_due(std::uint64_t frame) const { return frame >= x_next_sweep; }
  void sweep(std::uint64_t frame);

  /// Ends every conversation. Call once, last.
  void finish();

  [[nodiscard]] std::span<FlowTable> shards() { return x_shards; }
  [[nodiscard]] std::span<const FlowTable> shards() const { return x_shards; }
  [[nodiscard]] const TunnelStacks& tunnels() const { return x_reader.tunnels(); }
  [[nodiscard]] std::uint64_t details_dropped() const { return x_reader.details_dropped(); }

  /// What was asked for, of the segments tracked and the verdicts settled since the last call.
  [[nodiscard]] Trace take_trace();

 private:
  static constexpr std::size_t shard_count = 256;
  static constexpr std::size_t group_size = 32;
  static constexpr std::uint64_t frames_between_sweeps = 4096;

  struct Pending {
    Datagram datagram;
    std::uint32_t hash = 0;
    std::uint8_t shard = 0;
    SlabIndex likely = no_slab_index;  // the conversation that it probably belongs to
  };

  void track(Pending& pending);

  std::uint64_t x_seed;
  DatagramReader x_reader;
  FlowSlabs x_slabs;
  std::vector<FlowTable> x_shards;
  std::array<Pending, group_size> x_pending;
  std::size_t x_pending_count = 0;
  Moment x_last;  // of the newest frame
  std::uint64_t x_next_sweep = frames_between_sweeps;
  std::int64_t x_earliest_since_sweep;
};

}  // namespace tapdeck
