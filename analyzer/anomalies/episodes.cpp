#include "analyzer/anomalies/episodes.h"

#include "analyzer/anomalies/family.h"
#include "captures/elapsed.h"

namespace tapdeck {

Anomaly* Episodes::newest(EpisodeSlab& slab, AnomalyType type, AnomalyDirection direction) {
  Anomaly* found = nullptr;
  for (SlabIndex index = x_first; index != no_slab_index; index = slab[index].next) {
    Anomaly& anomaly = slab[index].anomaly;
    if (anomaly.type == type && anomaly.direction == direction) found = &anomaly;
  }
  return found;
}

Anomaly* Episodes::add(EpisodeSlab& slab, const Anomaly& anomaly) {
  std::uint16_t alike = 0;
  for_each(slab, [&](const Anomaly& known) {
    if (known.type == anomaly.type && known.direction == anomaly.direction) ++alike;
  });
  if (x_count == bound || alike == bound_of_kind) {
    ++x_dropped;
    return nullptr;
  }
  const SlabIndex index = slab.take();
  slab[index] = {.anomaly = anomaly, .next = no_slab_index};
  (x_first == no_slab_index ? x_first : slab[x_last].next) = index;
  x_last = index;
  ++x_count;
  slab.note_fresh(index);
  return &slab[index].anomaly;
}

void Episodes::clear(EpisodeSlab& slab) {
  while (x_first != no_slab_index) {
    const SlabIndex index = x_first;
    x_first = slab[index].next;
    slab.give_back(index);
  }
  *this = {};
}

Anomaly& Findings::note(AnomalyType type, AnomalyDirection direction, Moment moment,
                        std::int64_t joins_within_ns) {
  Anomaly* const before = newest(type, direction);
  const bool near =
      before != nullptr && elapsed_ns(before->last.time_ns, moment.time_ns) <= joins_within_ns;
  if (!near) return note_alone(type, direction, moment);
  before->include(moment);
  ++before->count;
  return *before;
}

Anomaly& Findings::note_alone(AnomalyType type, AnomalyDirection direction, Moment moment) {
  x_beyond_bound = anomaly_of(type, moment, moment, 1);
  x_beyond_bound.direction = direction;
  x_beyond_bound.connection = x_connection;
  Anomaly* const added = x_episodes.add(x_slab, x_beyond_bound);
  return added == nullptr ? x_beyond_bound : *added;
}

}  // namespace tapdeck
