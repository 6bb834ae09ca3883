#include "analyzer/flow/conversation.h"

#include <algorithm>
#include <span>

namespace tapdeck {

void Conversation::count(const Datagram& datagram) {
  Traffic& sent = sent_by(side_of(datagram.direction));
  sent.packets += datagram.frames;
  sent.frame_octets += datagram.frame_octets;
  sent.payload_octets += datagram.payload_octets;
  last_frame = datagram.frame_number;
  start_ns = std::min(start_ns, datagram.time_ns);
  end_ns = std::max(end_ns, datagram.time_ns);
  for (const std::uint16_t vlan : std::span(datagram.vlans).first(datagram.vlan_count)) {
    const auto seen = std::span(vlans).first(vlan_count);
    if (std::ranges::find(seen, vlan) != seen.end()) continue;
    if (vlan_count < vlans.size()) {
      vlans[vlan_count++] = vlan;
    } else {
      vlans_dropped = true;
    }
  }
}

}  // namespace tapdeck
