// Which of the frames that were sent arrived at the other end, whether as they were and in their
// order, and how far off their time. Frames are known by a digest of their bytes.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "captures/bytes.h"
#include "tools/replay/histogram.h"

namespace tapdeck {

/// 128 bits of the frame's bytes. Ethernet pads short frames with zeros to 60 octets, so those are
/// digested as if they had been.
struct FrameDigest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const FrameDigest&, const FrameDigest&) = default;
};

[[nodiscard]] FrameDigest digest_of(Bytes frame);

struct MatchCounts {
  std::uint64_t expected = 0;
  std::uint64_t arrived = 0;       // of the expected ones, with the same bytes
  std::uint64_t out_of_order = 0;  // of those: behind one that was sent later
  std::uint64_t missing = 0;
  std::uint64_t others = 0;         // arrived and never sent, or altered, or once too often
  std::uint64_t first_missing = 0;  // the packet's number; 0: none
  Histogram gap_error_ns;           // |gap on arrival - gap on the schedule|, of neighbours
  Histogram place_error_ns;         // |time on arrival - place on the schedule|

  [[nodiscard]] bool is_equal() const { return missing == 0 && out_of_order == 0; }
};

class FrameMatcher {
 public:
  /// `times_matter` false: at top speed there are none to compare.
  explicit FrameMatcher(bool times_matter) : x_times_matter(times_matter) {}

  /// In the order of sending; the time when it was due, by the clock of arrivals.
  void expect(const FrameDigest& digest, std::uint64_t number, std::int64_t due_ns);

  /// In the order of arrival. Requires: it was expected before, if ever.
  void arrive(const FrameDigest& digest, std::int64_t time_ns);

  /// What has not arrived by now is missing.
  void finish();

  [[nodiscard]] const MatchCounts& counts() const { return x_counts; }
  [[nodiscard]] bool all_arrived() const { return x_counts.arrived == x_counts.expected; }

 private:
  static constexpr std::uint64_t nowhere = ~std::uint64_t{0};

  struct Expected {
    FrameDigest digest;
    std::int64_t due_ns;
    std::uint64_t number;
    std::uint64_t next_equal = nowhere;  // the next position with this digest, if indexed
    bool arrived = false;
  };
  /// Positions of one digest, from one to the next equal frame. The first two only move on.
  struct EqualFrames {
    std::uint64_t first;   // all before it have arrived or are given up
    std::uint64_t behind;  // all before it lie before x_next
    std::uint64_t last;
  };
  struct Hash {
    std::size_t operator()(const FrameDigest& digest) const { return digest.low; }
  };

  /// Frames that are waited for; the earliest gives way, as missing.
  static constexpr std::size_t most_waiting = std::size_t{1} << 20U;

  void index_all();
  [[nodiscard]] std::optional<std::uint64_t> find_other(const FrameDigest& digest);
  void take(std::uint64_t position, std::int64_t time_ns);
  void compare_times(const Expected& frame, std::uint64_t position, std::int64_t time_ns);
  void drop_first();
  [[nodiscard]] Expected& at(std::uint64_t position) { return x_window[position - x_first]; }
  [[nodiscard]] std::uint64_t end() const { return x_first + x_window.size(); }

  const bool x_times_matter;
  MatchCounts x_counts;
  // Positions count the expected frames from 0.
  std::deque<Expected> x_window;  // from the first that hasn't arrived
  std::uint64_t x_first = 0;      // the window's position
  std::uint64_t x_next = 0;       // behind the last that arrived in order
  // Only built when a frame comes that isn't the next one; of positions up to x_indexed.
  std::unordered_map<FrameDigest, EqualFrames, Hash> x_index;
  std::uint64_t x_indexed = 0;
  std::optional<std::uint64_t> x_last_position;  // that arrived, with its times
  std::int64_t x_last_time_ns = 0;
  std::int64_t x_last_due_ns = 0;
};

}  // namespace tapdeck
