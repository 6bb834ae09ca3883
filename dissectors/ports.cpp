#include "dissectors/ports.h"

#include "dissectors/registry.h"

namespace tapdeck {

std::optional<PortPair> ports_of(const Dissection& dissection, const Layer& transport) {
  const ProtocolId protocol = transport.protocol;
  const bool has_ports = protocol == protocol_of<Tcp> || protocol == protocol_of<Udp> ||
                         protocol == protocol_of<Sctp> || protocol == protocol_of<UdpLite> ||
                         protocol == protocol_of<Dccp>;
  const Region region = dissection.region_of(transport);
  if (!has_ports || !region.holds(4)) return std::nullopt;
  return PortPair{read_big_endian<std::uint16_t>(region.bytes, 0),
                  read_big_endian<std::uint16_t>(region.bytes, 2)};
}

}  // namespace tapdeck
