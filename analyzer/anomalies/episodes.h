// The anomalies of one conversation: made when the first one is found, so that a clean one costs
// nothing; bounded, and what does not fit is counted.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "analyzer/anomalies/anomaly.h"
#include "analyzer/flow/slab.h"

namespace tapdeck {

struct Episode {
  Anomaly anomaly;
  SlabIndex next = no_slab_index;
};

class EpisodeSlab : public Slab<Episode> {
 public:
  /// From now on fresh ones are remembered.
  void remember_fresh() { x_remembers = true; }
  void note_fresh(SlabIndex index) {
    if (x_remembers) x_fresh.push_back(index);
  }
  /// Those since the last call. Requires: none of them was given back yet.
  [[nodiscard]] std::vector<SlabIndex> take_fresh() { return std::exchange(x_fresh, {}); }

 private:
  std::vector<SlabIndex> x_fresh;
  bool x_remembers = false;
};

class Episodes {
 public:
  /// Of one conversation, and of one type and direction in it: one noisy kind leaves room for
  /// others.
  static constexpr std::uint16_t bound = 96;
  static constexpr std::uint16_t bound_of_kind = 12;

  [[nodiscard]] bool empty() const { return x_first == no_slab_index; }
  [[nodiscard]] std::size_t size() const { return x_count; }
  [[nodiscard]] std::size_t octets() const { return x_count * sizeof(Episode); }
  [[nodiscard]] std::uint32_t dropped() const { return x_dropped; }

  /// The newest of this type and direction; null if there is none.
  [[nodiscard]] Anomaly* newest(EpisodeSlab& slab, AnomalyType type, AnomalyDirection direction);
  /// Null at a bound, which is counted.
  Anomaly* add(EpisodeSlab& slab, const Anomaly& anomaly);

  template <class Visit>
  void for_each(const EpisodeSlab& slab, Visit visit) const {
    for (SlabIndex index = x_first; index != no_slab_index; index = slab[index].next) {
      visit(slab[index].anomaly);
    }
  }

  void clear(EpisodeSlab& slab);

 private:
  SlabIndex x_first = no_slab_index;
  SlabIndex x_last = no_slab_index;
  std::uint32_t x_dropped = 0;
  std::uint16_t x_count = 0;
};

/// Where detectors leave what they find of one conversation.
class Findings {
 public:
  /// Trouble of one kind that comes again within this time is one episode: as long as evidence
  /// about a segment counts at most.
  static constexpr std::int64_t one_episode_ns = 5'000'000'000;

  Findings(EpisodeSlab& slab, Episodes& episodes, std::uint64_t connection)
      : x_slab(slab), x_episodes(episodes), x_connection(connection) {}

  /// One more of its kind: a new episode, or part of the newest if that is near. The reference is
  /// good until the next call.
  Anomaly& note(AnomalyType type, AnomalyDirection direction, Moment moment,
                std::int64_t joins_within_ns = one_episode_ns);
  /// The same, as an episode of its own.
  Anomaly& note_alone(AnomalyType type, AnomalyDirection direction, Moment moment);

  [[nodiscard]] Anomaly* newest(AnomalyType type, AnomalyDirection direction) {
    return x_episodes.newest(x_slab, type, direction);
  }
  [[nodiscard]] bool has(AnomalyType type, AnomalyDirection direction) {
    return newest(type, direction) != nullptr;
  }

 private:
  EpisodeSlab& x_slab;
  Episodes& x_episodes;
  std::uint64_t x_connection;
  Anomaly x_beyond_bound;
};

}  // namespace tapdeck
