#include "analyzer/flow/conversation.h"

#include <algorithm>
#include <span>

namespace tapdeck {

void Conversation::count(const Datagram& datagram) {
  ConversationDetails& counted = *details;
  Traffic& sent = counted.traffic[index_of(side_of(datagram.direction))];
  sent.packets += datagram.frames;
  sent.frame_octets += datagram.frame_octets;
  sent.payload_octets += datagram.payload_octets;
  counted.last_frame = datagram.frame_number;
  counted.start_ns = std::min(counted.start_ns, datagram.time_ns);
  end_ns = std::max(end_ns, datagram.time_ns);
  if (datagram.vlan_count != 0) counted.note_vlans(datagram);
}

void ConversationDetails::note_vlans(const Datagram& datagram) {
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
