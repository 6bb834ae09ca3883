// From dissected packets to conversations: finds each packet's shard, and gives the packet to the
// lane that works on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/flow/datagram_reader.h"
#include "analyzer/flow/flow_table.h"
#include "analyzer/flow/lane_crew.h"
#include "captures/packet.h"
#include "dissectors/dissection.h"

namespace tapdeck {

struct TrackerOptions {
  bool vlans_in_key = false;
  FlowLimits limits;     // of each shard
  TraceWish trace{};     // what of each TCP segment is kept for take_trace()
  NewsWish news{};       // what is kept for take_news() of shards and take_fresh_anomalies()
  bool predicts = true;  // false: slower, with the same result
  unsigned threads = 1;  // the caller's included; the result is the same for any number
};

/// Which end of a conversation a packet comes from.
struct Sender {
  Side side{};
  ClientKnownBy client_known_by{};
};

class Tracker {
 public:
  /// FlowLimits are those of one of so many.
  static constexpr std::size_t shard_count = 256;

  explicit Tracker(const TrackerOptions& options);
  Tracker(const Tracker&) = delete;
  Tracker& operator=(const Tracker&) = delete;

  /// Takes a packet; it is tracked when flush() or sweep() comes at the latest. True for a TCP
  /// segment: a verdict on it follows, if verdicts were wished.
  bool add(const Packet& packet, const Dissection& dissection, ChecksumStatus checksum);
  /// As add(), but tracks the packet at once and says who sent it; an ICMP error comes from where
  /// the packet that it quotes was going. Nothing for packets of no conversation. Slower.
  [[nodiscard]] std::optional<Sender> add_at_once(const Packet& packet,
                                                  const Dissection& dissection,
                                                  ChecksumStatus checksum);
  /// Returns when every packet taken is tracked, but for ICMP errors about unknown flows: those
  /// join conversations of their own when sweep() or finish() comes.
  void flush();

  /// True if it is time to look, before this frame, for what has been silent for too long. A
  /// property of frame numbers, not of batches, so that every way of reading gives the same report.
  [[nodiscard]] bool sweep_due(std::uint64_t frame) const { return frame >= x_next_sweep; }
  void sweep(std::uint64_t frame);
  /// The same by a clock: it is `now_ns`, whether packets come or not.
  void advance(std::int64_t now_ns);

  /// Ends every conversation. Call once, last.
  void finish();

  /// Requires: no packet was taken since flush(), sweep() or finish().
  [[nodiscard]] std::span<FlowTable* const> shards() const { return x_shards; }
  [[nodiscard]] const TunnelStacks& tunnels() const { return x_reader.tunnels(); }
  [[nodiscard]] std::uint64_t details_dropped() const { return x_reader.details_dropped(); }

  /// What was asked for, of the segments tracked and the verdicts settled since the last call.
  [[nodiscard]] Trace take_trace();

  /// As Lane::take_fresh_anomalies, of all lanes.
  [[nodiscard]] std::vector<Anomaly> take_fresh_anomalies();

 private:
  static constexpr unsigned most_threads = 64;

  [[nodiscard]] static std::vector<std::unique_ptr<Lane>> make_lanes(const TrackerOptions& options);
  [[nodiscard]] Lane* queue(const Packet& packet, const Dissection& dissection,
                            ChecksumStatus checksum);
  void place_strays();

  std::uint64_t x_seed;
  DatagramReader x_reader;
  LaneCrew x_crew;
  std::vector<Lane*> x_lane_of;  // by shard
  std::vector<FlowTable*> x_shards;
  Moment x_last;  // of the newest frame
  std::uint64_t x_next_sweep = frames_between_sweeps;
  std::int64_t x_earliest_since_sweep;
};

}  // namespace tapdeck
