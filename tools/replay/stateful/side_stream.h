// One side's octets of a captured connection, put in order by their sequence numbers: repeats and
// overlaps are left out, and what lies behind a gap waits for it to be filled.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "analyzer/tcp/seq_num.h"
#include "dissectors/region.h"
#include "tools/replay/stateful/script_memory.h"

namespace tapdeck {

/// What a segment brought of a stream, and when.
struct Arrival {
  std::int64_t time_ns = 0;
  std::uint64_t heard = 0;  // of the peer's stream, its FIN counted as one octet more
  bool pushes = false;      // PSH: what the program wrote ends here
  bool finishes = false;
};

/// Octets that stand in order now: [begin, begin + octets.size()), and the FIN behind them, if it
/// `finishes`.
struct InOrder {
  std::uint64_t begin = 0;
  Bytes octets;
  Arrival arrival;
};

class SideStream {
 public:
  /// More than any window in use behind a gap: it won't be filled any more.
  static constexpr std::uint64_t most_waiting = 64 << 20U;

  explicit SideStream(ScriptMemory& memory) : x_memory(memory) {}
  SideStream(const SideStream&) = delete;
  SideStream& operator=(const SideStream&) = delete;
  ~SideStream() { drop_waiting(); }

  /// The number of the first octet is known; forgets an earlier one if no octet came.
  void begin_at(SeqNum number);
  [[nodiscard]] bool has_begun() const { return x_begun; }

  /// Takes a segment's payload and hands what stands in order now to `deliver(const InOrder&)`.
  /// Requires: has_begun().
  template <class Deliver>
  void add(SeqNum begin, Region payload, const Arrival& arrival, Deliver&& deliver) {
    if (x_stopped || x_finished) return;
    const std::int64_t place = place_of(begin);
    if (place > static_cast<std::int64_t>(x_next)) {
      wait(static_cast<std::uint64_t>(place), payload, arrival);
      return;
    }
    take(place, payload, arrival, deliver);
    while (!x_stopped && !x_finished && !x_waiting.empty() && x_waiting.begin()->first <= x_next) {
      const auto first = x_waiting.extract(x_waiting.begin());
      const Waiting& piece = first.mapped();
      take(static_cast<std::int64_t>(first.key()), {piece.octets, piece.declared}, piece.arrival,
           deliver);
      give_back(piece);
    }
  }

  /// Where a number lies in the stream, counted from the first octet; the FIN takes a place.
  [[nodiscard]] std::int64_t place_of(SeqNum number) const {
    return static_cast<std::int64_t>(x_next) + (number - x_next_number);
  }

  [[nodiscard]] std::uint64_t next() const { return x_next; }
  [[nodiscard]] bool is_finished() const { return x_finished; }
  /// Octets were cut off, or too many waited: the stream can't go on.
  [[nodiscard]] bool is_cut() const { return x_cut; }
  /// How many octets are missing at next(), given that the peer acknowledged up to `heard`; 0: none
  /// as far as is known.
  [[nodiscard]] std::uint64_t missing(std::uint64_t heard) const;

 private:
  struct Waiting {
    std::vector<std::byte> octets;
    std::size_t declared = 0;
    Arrival arrival;
  };

  template <class Deliver>
  void take(std::int64_t place, Region payload, const Arrival& arrival, Deliver&& deliver) {
    const auto skipped = x_next - static_cast<std::uint64_t>(place);  // also of a place below 0
    const Region fresh = payload.after(skipped);
    const bool ends_before = skipped > payload.length;
    if (ends_before || (fresh.length == 0 && !arrival.finishes)) return;
    const std::uint64_t begin = x_next;
    x_next += fresh.bytes.size();
    x_next_number = x_next_number + static_cast<std::uint32_t>(fresh.bytes.size());
    if (fresh.bytes.size() < fresh.length) stop_for_cut(fresh.length - fresh.bytes.size());
    x_finished = arrival.finishes && !x_stopped;
    InOrder delivery{.begin = begin, .octets = fresh.bytes, .arrival = arrival};
    delivery.arrival.finishes = x_finished;
    deliver(delivery);
  }

  void wait(std::uint64_t place, Region payload, const Arrival& arrival);
  void stop_for_cut(std::uint64_t octets);
  void give_back(const Waiting& piece);
  void drop_waiting();

  ScriptMemory& x_memory;
  bool x_begun = false;
  bool x_stopped = false;
  bool x_cut = false;
  bool x_finished = false;
  std::uint64_t x_next = 0;  // octets in order so far
  SeqNum x_next_number;
  std::uint64_t x_missing = 0;  // behind x_next, once stopped
  std::uint64_t x_waiting_octets = 0;
  std::multimap<std::uint64_t, Waiting> x_waiting;  // by the place of the first octet
};

}  // namespace tapdeck
