#include "dissectors/edit/readable_part.h"

#include <algorithm>

#include "dissectors/ip_protocol.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// What follows the header is data, or padding that nothing declares.
bool ends_in_data(const Dissection& dissection, const Layer& last) {
  if (role_of(last.protocol) == Role::transport) return true;
  const bool may_be_fragment =
      role_of(last.protocol) == Role::network || last.protocol == protocol_of<FragmentHeader>;
  if (dissection.is_fragment && may_be_fragment && !last.quoted) {
    return IpProtocol::has_ports(dissection.ip_protocol) ||
           IpProtocol::is_icmp(dissection.ip_protocol);
  }
  return last.protocol == protocol_of<Arp> || last.protocol == protocol_of<Rarp> ||
         last.protocol == protocol_of<Igmp>;
}

/// Octets from the frame's start to the end of what can be read of this layer and what it holds.
std::size_t end_of(const Dissection& dissection, const Layer& layer, std::size_t end) {
  const Region region = dissection.region_of(layer);
  if (layer.protocol == protocol_of<Ieee80211Subframe>) {
    // Only the first of the packets in one frame is read.
    return layer.offset + layer.header_length + Ieee80211Subframe(region).length();
  }
  if (layer.protocol == protocol_of<MobilityHeader>) {
    constexpr std::size_t until_message = 6;  // behind the checksum
    return layer.offset + until_message;
  }
  const bool has_routes = layer.protocol == protocol_of<Gre> && Gre(region).has_routing();
  // Teredo's own header holds an address, inverted (RFC 4380 §5.1.1).
  const bool names_origin = layer.protocol == protocol_of<Teredo> && layer.header_length != 0;
  return has_routes || names_origin ? layer.offset : end;
}

}  // namespace

std::size_t readable_octets(const Dissection& dissection) {
  const auto layers = dissection.all_layers();
  if (layers.empty()) return 0;
  std::size_t end = dissection.frame.size();
  for (const Layer& layer : layers) end = std::min(end, end_of(dissection, layer, end));
  if (dissection.has_fault) return std::min<std::size_t>(end, dissection.fault.offset);
  const Layer& last = layers.back();
  if (ends_in_data(dissection, last)) return end;
  return std::min<std::size_t>(end, std::size_t{last.offset} + last.header_length);
}

}  // namespace tapdeck
