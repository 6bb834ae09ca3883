// The changes of both endpoints' states, in order, with their frames: a few for most connections,
// bounded for all.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/flow/side.h"
#include "analyzer/flow/slab.h"
#include "analyzer/tcp/state.h"

namespace tapdeck {

struct StateChange {
  std::uint64_t frame = 0;
  std::uint64_t confirmed_frame = 0;  // the endpoint's own segment showed it; 0: none did
  std::int64_t time_ns = 0;
  Side side{};
  TcpState from{}, to{};
  StateChangeReason reason{};
};

struct StateChangeChunk {
  std::array<StateChange, 4> changes{};
  SlabIndex next = no_slab_index;
};

using StateChangeSlab = Slab<StateChangeChunk>;

class StateLog {
 public:
  /// Changes kept of one connection. An ordinary one has ten.
  static constexpr std::uint8_t bound = 64;

  /// Of the slab.
  [[nodiscard]] std::size_t octets() const {
    constexpr std::size_t in_chunk = StateChangeChunk{}.changes.size();
    return (x_count + in_chunk - 1) / in_chunk * sizeof(StateChangeChunk);
  }

  /// The change's entry, from 1; 0 if it did not fit.
  std::uint8_t add(StateChangeSlab& slab, const StateChange& change) {
    if (x_count == bound) {
      ++x_dropped;
      return 0;
    }
    const std::size_t place = x_count % StateChangeChunk{}.changes.size();
    if (place == 0) {
      const SlabIndex fresh = slab.take();
      (x_first == no_slab_index ? x_first : slab[x_last].next) = fresh;
      x_last = fresh;
    }
    slab[x_last].changes[place] = change;
    return ++x_count;
  }

  /// `frame` shows the change of this entry. Does nothing for entry 0.
  void confirm(StateChangeSlab& slab, std::uint8_t entry, std::uint64_t frame) {
    if (entry == 0) return;
    constexpr std::size_t in_chunk = StateChangeChunk{}.changes.size();
    const std::size_t place = entry - std::size_t{1};
    SlabIndex chunk = x_first;
    for (std::size_t i = 0; i < place / in_chunk; ++i) chunk = slab[chunk].next;
    slab[chunk].changes[place % in_chunk].confirmed_frame = frame;
  }

  template <class Visit>
  void for_each(const StateChangeSlab& slab, Visit visit) const {
    SlabIndex chunk = x_first;
    for (std::size_t i = 0; i < x_count; ++i) {
      const std::size_t place = i % StateChangeChunk{}.changes.size();
      if (place == 0 && i != 0) chunk = slab[chunk].next;
      visit(slab[chunk].changes[place]);
    }
  }

  [[nodiscard]] std::uint64_t dropped() const { return x_dropped; }

  void clear(StateChangeSlab& slab) {
    for (SlabIndex chunk = x_first; chunk != no_slab_index;) {
      const SlabIndex next = slab[chunk].next;
      slab.give_back(chunk);
      chunk = next;
    }
    *this = {};
  }

 private:
  SlabIndex x_first = no_slab_index;
  SlabIndex x_last = no_slab_index;
  std::uint32_t x_dropped = 0;
  std::uint8_t x_count = 0;
};

}  // namespace tapdeck
