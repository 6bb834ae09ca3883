// Filtering batch by batch.
#include "captures/filtered_source.h"

#include <limits>
#include <utility>

namespace tapdeck {

FilteredSource::FilteredSource(std::unique_ptr<PacketSource> source, PacketFilter filter,
                               std::uint64_t packet_limit)
    : x_source(std::move(source)),
      x_filter(std::move(filter)),
      x_packet_limit(packet_limit != 0 ? packet_limit : std::numeric_limits<std::uint64_t>::max()) {
}

bool FilteredSource::next(PacketBatch& batch) {
  batch.packets.clear();
  while (batch.packets.empty()) {
    if (x_counts.passed >= x_packet_limit || !x_source->next(batch)) {
      batch.packets.clear();
      return false;
    }
    x_counts.examined += batch.packets.size();
    x_filter.keep_passing(batch.packets);
    const std::uint64_t left = x_packet_limit - x_counts.passed;
    if (batch.packets.size() > left) {
      batch.packets.resize(static_cast<std::size_t>(left));
    }
    x_counts.passed += batch.packets.size();
    x_counts.inapplicable = x_filter.inapplicable();
  }
  return true;
}

}  // namespace tapdeck
