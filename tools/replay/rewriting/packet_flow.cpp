#include "tools/replay/rewriting/packet_flow.h"

#include "dissectors/ip_protocol.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::size_t identifier_at = 4;

std::uint8_t version_of(const Layer& network) {
  return network.protocol == protocol_of<Ipv4> ? 4 : 6;
}

FlowEnds::Ports ports_of(Bytes frame, const PacketHeaders& headers) {
  const bool has_ports = IpProtocol::has_ports(headers.ip_protocol);
  const bool is_icmp = IpProtocol::is_icmp(headers.ip_protocol);
  if (headers.transport == nullptr) {
    return has_ports || is_icmp ? FlowEnds::Ports::unknown : FlowEnds::Ports::none;
  }
  if (has_ports) return FlowEnds::Ports::ports;
  const Layer& layer = *headers.transport;
  if (!is_icmp || layer.captured < IcmpMessage::header_octets) return FlowEnds::Ports::none;
  const Region message{frame.subspan(layer.offset, layer.captured), layer.declared};
  const bool paired = layer.protocol == protocol_of<Icmp> ? Icmp(message).has_identifier()
                                                          : Icmpv6(message).is_echo();
  return paired ? FlowEnds::Ports::identifier : FlowEnds::Ports::none;
}

PacketHeaders headers_of(const Dissection& dissection, std::uint8_t network, std::uint8_t transport,
                         std::uint8_t ip_protocol) {
  const bool has_transport = transport != Dissection::no_layer;
  return {.network = &dissection.layers[network],
          .transport = has_transport ? &dissection.layers[transport] : nullptr,
          .ip_protocol = ip_protocol};
}

}  // namespace

PacketHeaders innermost_headers(const Dissection& dissection) {
  return headers_of(dissection, dissection.network, dissection.transport, dissection.ip_protocol);
}

PacketHeaders quoted_headers(const Dissection& dissection) {
  return headers_of(dissection, dissection.quoted_network, dissection.quoted_transport,
                    dissection.quoted_ip_protocol);
}

std::uint32_t addresses_at(const Layer& network) {
  return network.offset + (network.protocol == protocol_of<Ipv4> ? 12 : 8);
}

IpAddress read_address(Bytes frame, std::size_t at, std::uint8_t version) {
  return version == 4 ? IpAddress::read_v4(frame, at) : IpAddress::read_v6(frame, at);
}

FlowEnds read_ends(Bytes frame, const PacketHeaders& headers) {
  const std::uint8_t version = version_of(*headers.network);
  const std::uint32_t at = addresses_at(*headers.network);
  FlowEnds ends;
  ends.ip_protocol = headers.ip_protocol;
  ends.source.address = read_address(frame, at, version);
  ends.destination.address = read_address(frame, at + (version == 4 ? 4U : 16U), version);
  ends.ports = ports_of(frame, headers);
  const auto read_number = [&](std::size_t place) {
    return read_big_endian<std::uint16_t>(frame, headers.transport->offset + place);
  };
  if (ends.ports == FlowEnds::Ports::ports) {
    ends.source.port = read_number(0);
    ends.destination.port = read_number(2);
  } else if (ends.ports == FlowEnds::Ports::identifier) {
    ends.source.port = ends.destination.port = read_number(identifier_at);
  }
  return ends;
}

void write_ends(FrameEdit& edit, const PacketHeaders& headers, const FlowEnds& ends) {
  const std::uint32_t at = addresses_at(*headers.network);
  edit.write(at, ends.source.address);
  edit.write(at + (version_of(*headers.network) == 4 ? 4U : 16U), ends.destination.address);
  if (ends.ports == FlowEnds::Ports::ports) {
    edit.write(headers.transport->offset, ends.source.port);
    edit.write(headers.transport->offset + std::size_t{2}, ends.destination.port);
  } else if (ends.ports == FlowEnds::Ports::identifier) {
    edit.write(headers.transport->offset + identifier_at, ends.source.port);
  }
}

}  // namespace tapdeck
