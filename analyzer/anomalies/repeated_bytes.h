// How often one side sent bytes again: of the ranges repeated lately, each byte's own count,
// however the segments that carried it were cut.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

struct RepeatedRange {
  SeqNum begin, end;
  Moment first;              // of its repeats; of frame 0: not the same for all of its bytes
  std::int64_t last_ns = 0;  // of its repeats
  std::uint8_t repeats = 0;
  bool needed = false;  // at least one of them
};

class RepeatedBytes {
 public:
  /// Past it what was repeated longest ago is forgotten.
  static constexpr std::size_t bound = 24;

  /// One more sending of [begin, end). What was repeated before `since_ns`, when these bytes were
  /// first sent, was of others that had the same numbers.
  void add(SeqNum begin, SeqNum end, Moment moment, bool needed, std::int64_t since_ns);

  /// The range that holds this byte; null if it wasn't repeated.
  [[nodiscard]] const RepeatedRange* find(SeqNum position) const {
    const std::size_t place = place_of(position);
    return place == x_count ? nullptr : &x_ranges[place];
  }

 private:
  [[nodiscard]] std::size_t place_of(SeqNum position) const;
  [[nodiscard]] SeqNum next_begin(SeqNum position, SeqNum end) const;
  SeqNum add_to(std::size_t place, SeqNum begin, SeqNum end, Moment moment, bool needed);
  void insert(const RepeatedRange& range);
  void remove(std::size_t place) { x_ranges[place] = x_ranges[--x_count]; }
  void join();
  bool join_next(std::size_t place);

  std::array<RepeatedRange, bound> x_ranges{};  // disjoint, in no order
  std::uint8_t x_count = 0;
};

}  // namespace tapdeck
