// The straight line from packets to a report: dissect, find the conversation, advance it, and at
// the end (or while conversations end) hand them to a report format.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/flow/datagram_reader.h"
#include "analyzer/flow/flow_table.h"
#include "analyzer/hygiene.h"
#include "analyzer/report/writer.h"
#include "captures/packet.h"
#include "dissectors/dissector.h"

namespace tapdeck {

struct AnalysisOptions {
  bool vlans_in_key = false;
  bool filtered = false;  // a filter chose the packets; the report says so
  FlowLimits limits;      // of each shard
};

class Analysis {
 public:
  /// Conversations reach `writer` in `order`; it must outlive the analysis.
  Analysis(const AnalysisOptions& options, ReportWriter& writer, ConnectionOrder order);

  void add(const PacketBatch& batch);

  /// Ends every conversation and writes what is still to be written. Call once, last.
  void finish(const std::vector<CaptureInfo>& captures);

 private:
  static constexpr std::size_t shard_count = 256;
  /// Packets dissected before the first of them is tracked, so that memory can be asked for early.
  static constexpr std::size_t group_size = 16;
  /// Frames between two looks at what has been silent for too long. A property of frame numbers,
  /// not of batches, so that every way of reading gives the same report.
  static constexpr std::uint64_t frames_between_sweeps = 4096;

  struct Pending {
    Datagram datagram;
    std::uint32_t hash = 0;
    std::uint8_t shard = 0;
  };

  struct Ended {
    EndedConversation conversation;
    std::size_t shard = 0;
  };

  void add_group(std::span<const Packet> packets);
  void prepare(const Packet& packet);
  void track_pending();
  void sweep(std::uint64_t frame);
  void collect_ended();
  void write_collected();
  [[nodiscard]] Summary summary(const std::vector<CaptureInfo>& captures) const;

  ReportWriter& x_writer;
  ConnectionOrder x_order;
  std::uint64_t x_seed;
  bool x_filtered;
  Dissector x_dissector;
  DatagramReader x_reader;
  PacketCounters x_counters;
  Dissection x_dissection;
  std::vector<FlowTable> x_shards;
  std::array<Pending, group_size> x_pending;
  std::size_t x_pending_count = 0;
  std::vector<Ended> x_ended;
  std::uint64_t x_last_frame = 0;
  std::uint64_t x_next_sweep = frames_between_sweeps;
  std::int64_t x_earliest_since_sweep;
};

}  // namespace tapdeck
