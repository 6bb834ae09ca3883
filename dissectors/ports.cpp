#include "dissectors/ports.h"

#include "dissectors/registry.h"

namespace tapdeck {

std::optional<PortPair> ports_of(const Dissection& dissection, const Layer& transport) {
  const ProtocolId protocol = transport.protocol;
  const bool has_ports = protocol == protocol_of<Tcp> || protocol == protocol_of<Udp> ||
                         protocol == protocol_of<Sctp> || protocol == protocol_of<UdpLite> ||
                         protocol == protocol_of<Dccp>;
  if (!has_ports) return std::nullopt;
  const Bytes header = dissection.region_of(transport).bytes;
  return PortPair{read_big_endian<std::uint16_t>(header, 0),
                  read_big_endian<std::uint16_t>(header, 2)};
}

}  // namespace tapdeck
