// The sums that every format keeps of its packets.
#include "captures/record_scanner.h"

#include <algorithm>

namespace tapdeck {

void PacketTally::move_to(CaptureInfo& info) {
  if (x_packets == 0) {
    return;
  }
  info.packets += x_packets;
  info.bytes += x_bytes;
  info.oddities.zero_length += x_zero_length;
  info.oddities.captured_over_wire_length += x_over_wire_length;
  info.oddities.captured_over_snap_length += x_over_snap_length;
  info.oddities.times_backwards += x_times_backwards;
  info.first_ns = std::min(info.first_ns.value_or(x_first_ns), x_first_ns);
  info.last_ns = std::max(info.last_ns.value_or(x_last_ns), x_last_ns);
  const std::int64_t previous_ns = x_previous_ns;
  *this = PacketTally();
  x_previous_ns = previous_ns;
}

void note_link_type(CaptureInfo& info, LinkType link_type) {
  if (std::ranges::find(info.link_types, link_type) == info.link_types.end()) {
    info.link_types.push_back(link_type);
  }
}

}  // namespace tapdeck
