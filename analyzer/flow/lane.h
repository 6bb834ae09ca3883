// Some of the shards, with the memory that they share and, if wished, a thread that works on them.
// Datagrams go through a lane in groups, so that memory can be asked for early.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
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
  bool own_thread = false;
};

/// A datagram on its way to its table.
struct QueuedDatagram {
  Datagram datagram;
  std::uint32_t hash = 0;
  std::uint32_t table = 0;           // of the lane's
  SlabIndex likely = no_slab_index;  // the conversation that it probably belongs to
};

class Lane {
 public:
  explicit Lane(const LaneOptions& options);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane();

  /// Where the next datagram is to be put together, and then pushed. Blocks in push() while the
  /// lane's thread is far behind.
  [[nodiscard]] QueuedDatagram& next() {
    Group& group = x_groups[x_handed % groups];
    return group.queued[group.count];
  }
  void push() {
    if (++x_groups[x_handed % groups].count == x_group_size) hand_over();
  }

  /// Until all that was pushed is tracked. Throws what its thread threw.
  void finish();

  /// Requires, with a thread: nothing was pushed since finish().
  [[nodiscard]] std::span<FlowTable> tables() { return x_tables; }
  /// ICMP errors about flows that aren't known here, since the last call. Requires likewise.
  [[nodiscard]] std::vector<Datagram> take_strays() { return std::exchange(x_strays, {}); }
  /// Those that were found since the last call, if they were to be told. Requires likewise, and
  /// that no conversation was released meanwhile.
  [[nodiscard]] std::vector<Anomaly> take_fresh_anomalies();

 private:
  /// So many datagrams wait for memory at once.
  static constexpr std::size_t asked_at_once = 32;
  /// A thread gets more at once, so that both sides seldom wait.
  static constexpr std::size_t largest_group = 256;
  static constexpr std::size_t groups = 4;

  struct Group {
    std::size_t count = 0;
    std::array<QueuedDatagram, largest_group> queued;
  };

  void hand_over();
  void track(Group& group);
  void track(std::span<QueuedDatagram> queued);
  void run();

  FlowSlabs x_slabs;
  std::vector<FlowTable> x_tables;
  std::vector<Datagram> x_strays;
  std::size_t x_group_size;
  std::unique_ptr<Group[]> x_groups;

  std::uint64_t x_handed = 0;   // groups; changed by the caller's thread alone
  std::uint64_t x_tracked = 0;  // groups; guarded by x_mutex, as what follows
  bool x_is_over = false;
  std::exception_ptr x_thrown;
  std::mutex x_mutex;
  std::condition_variable x_work, x_room;
  std::thread x_thread;
};

}  // namespace tapdeck
