// Some of the shards, with the memory that they share. Datagrams wait for a lane in groups, in
// their order; one thread at a time tracks its oldest group.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "analyzer/flow/flow_table.h"

namespace tapdeck {

struct LaneOptions {
  std::size_t tables = 0;
  FlowLimits limits{};  // of each table
  TraceWish trace{};
  NewsWish news{};
  bool predicts = true;
};

/// A datagram on its way to its table.
struct QueuedDatagram {
  Datagram datagram;
  std::uint32_t hash = 0;
  FlowTable* table = nullptr;            // of the lane's
  const Conversation* likely = nullptr;  // the one that it probably belongs to
};

class Lane {
 public:
  /// Datagrams that wait for memory at once. A group may hold more of them.
  static constexpr std::size_t asked_at_once = 32;
  static constexpr std::size_t largest_group = 256;

  explicit Lane(const LaneOptions& options);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Where the next datagram is to be put together, before push(). Requires: has_room().
  [[nodiscard]] QueuedDatagram& next() {
    Group& group = x_groups[x_closed % groups];
    return group.queued[group.count];
  }
  /// How many are in the group that is being filled now.
  std::size_t push() { return ++x_groups[x_closed % groups].count; }
  [[nodiscard]] std::size_t filling() const { return x_groups[x_closed % groups].count; }

  /// The group that is being filled waits to be tracked.
  void close_group() { ++x_closed; }
  [[nodiscard]] bool has_room() const { return waiting() < groups; }
  /// Closed groups that aren't tracked.
  [[nodiscard]] std::uint64_t waiting() const { return x_closed - x_tracked; }

  /// Tracks the oldest group that waits; keeps what that throws. Others may fill groups meanwhile.
  void track_oldest();
  /// That group counts no more as waiting.
  void open_oldest() { ++x_tracked; }
  /// What was thrown, once.
  [[nodiscard]] std::exception_ptr take_thrown() { return std::exchange(x_thrown, {}); }

  [[nodiscard]] std::span<FlowTable> tables() { return x_tables; }
  /// ICMP errors about flows that aren't known here, since the last call.
  [[nodiscard]] std::vector<Datagram> take_strays() { return std::exchange(x_strays, {}); }
  /// Those that were found since the last call, if they were to be told. Requires: no conversation
  /// was released meanwhile.
  [[nodiscard]] std::vector<Anomaly> take_fresh_anomalies();

 private:
  static constexpr std::size_t groups = 4;

  struct Group {
    std::size_t count = 0;
    std::array<QueuedDatagram, largest_group> queued;
  };

  void track(std::span<QueuedDatagram> queued);

  FlowSlabs x_slabs;
  std::vector<FlowTable> x_tables;
  std::vector<Datagram> x_strays;
  std::unique_ptr<Group[]> x_groups = std::make_unique<Group[]>(groups);
  std::uint64_t x_closed = 0, x_tracked = 0;  // groups, since the beginning
  std::exception_ptr x_thrown;
};

}  // namespace tapdeck
