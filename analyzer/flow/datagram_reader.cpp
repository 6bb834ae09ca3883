#include "analyzer/flow/datagram_reader.h"

#include <algorithm>

#include "dissectors/ip_protocol.h"
#include "dissectors/network.h"
#include "dissectors/ports.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

std::uint32_t payload_octets_of(const Layer& layer) {
  return layer.declared - std::min(layer.declared, layer.header_length);
}

bool is_echo(std::uint8_t ip_protocol, std::uint8_t type) {
  return ip_protocol == IpProtocol::icmp ? type == 8 || type == 0 : type == 128 || type == 129;
}

Segment read_segment(Region region, std::uint32_t payload_octets) {
  const Tcp header(region);
  return {.seg_seq = {header.sequence_number()},
          .seg_ack = {header.acknowledgment_number()},
          .payload_octets = payload_octets,
          .window_field = header.window_field(),
          .flags = header.flags(),
          .options = read_tcp_options(header.options())};
}

/// The ports, or for ICMP echo its identifier in the place of both: it tells pings apart.
PortPair key_ports_of(const Dissection& dissection, const Layer& transport,
                      std::uint8_t ip_protocol) {
  if (const auto ports = ports_of(dissection, transport)) return *ports;
  const Region region = dissection.region_of(transport);
  if (!IpProtocol::is_icmp(ip_protocol) || !region.holds(8)) return {};
  if (!is_echo(ip_protocol, read_octet(region.bytes, 0))) return {};
  const auto identifier = read_big_endian<std::uint16_t>(region.bytes, 4);
  return {identifier, identifier};
}

void set_key(Datagram& result, const DirectedKey& key) {
  result.key = key.key;
  result.direction = key.direction;
}

/// An ICMP error is about the flow that it quotes, in the direction of the quoted packet.
void read_icmp_error(const Dissection& dissection, Datagram& result) {
  const AddressPair quoted = addresses_of(dissection, dissection.layers[dissection.quoted_network]);
  PortPair ports;
  if (dissection.quoted_transport != Dissection::no_layer) {
    ports = key_ports_of(dissection, dissection.layers[dissection.quoted_transport],
                         dissection.quoted_ip_protocol);
  }
  result.kind = Datagram::Kind::icmp_error;
  result.notice.own = {result.key, result.direction};
  set_key(result, make_flow_key(quoted.source, ports.source, quoted.destination, ports.destination,
                                dissection.quoted_ip_protocol));
  result.notice.from = addresses_of(dissection, dissection.layers[dissection.network]).source;
  result.notice.version = dissection.ip_protocol == IpProtocol::icmp ? 4 : 6;
  result.notice.type = result.icmp_type;
  result.notice.code = result.icmp_code;
}

void read_transport(const Dissection& dissection, Datagram& result) {
  const AddressPair addresses = addresses_of(dissection, dissection.layers[dissection.network]);
  const std::uint8_t ip_protocol = dissection.ip_protocol;
  PortPair ports;
  result.kind = Datagram::Kind::other;
  if (dissection.transport == Dissection::no_layer) {
    result.payload_octets = payload_octets_of(dissection.layers[dissection.network]);
  } else {
    const Layer& transport = dissection.layers[dissection.transport];
    const Region region = dissection.region_of(transport);
    result.payload_octets = payload_octets_of(transport);
    ports = key_ports_of(dissection, transport, ip_protocol);
    if (IpProtocol::is_icmp(ip_protocol) && region.holds(2)) {
      result.icmp_type = read_octet(region.bytes, 0);
      result.icmp_code = read_octet(region.bytes, 1);
    }
    if (transport.protocol == protocol_of<Tcp>) {
      result.kind = Datagram::Kind::tcp;
      result.segment = read_segment(region, result.payload_octets);
    }
  }
  set_key(result, make_flow_key(addresses.source, ports.source, addresses.destination,
                                ports.destination, ip_protocol));
}

}  // namespace

bool DatagramReader::read(const Packet& packet, const Dissection& dissection, bool bad_checksum,
                          Datagram& result) {
  if (dissection.network == Dissection::no_layer || dissection.is_fragment) return false;
  // Without a header that can be read nobody knows whose the packet is.
  if (dissection.transport == Dissection::no_layer &&
      IpProtocol::has_ports(dissection.ip_protocol)) {
    return false;
  }
  result.bad_checksum = bad_checksum;
  result.frame_number = packet.number;
  result.time_ns = packet.time_ns;
  result.frames = std::max(1U, dissection.reassembly.frames);
  result.frame_octets =
      dissection.reassembly.frames == 0 ? packet.wire_length : dissection.reassembly.frame_octets;
  result.payload_octets = 0;
  result.icmp_type = result.icmp_code = 0;
  read_transport(dissection, result);
  if (dissection.quoted_network != Dissection::no_layer) read_icmp_error(dissection, result);
  result.tunnels = result.key.tunnels = 0;
  const bool tunnelled = dissection.tunnel_layers != 0 || dissection.network_layers > 1;
  if (tunnelled) read_tunnels(dissection, result);
  result.vlan_count = 0;
  result.key.vlans = 0;
  if (dissection.has_vlan) read_vlans(dissection, result);
  result.notice.own.key.tunnels = result.key.tunnels;
  result.notice.own.key.vlans = result.key.vlans;
  return true;
}

void DatagramReader::read_tunnels(const Dissection& dissection, Datagram& result) {
  const auto tunnels = tunnels_of(dissection);
  x_tunnel_scratch.assign(tunnels.values().begin(), tunnels.values().end());
  result.tunnels = x_tunnels.number_of(x_tunnel_scratch);
  // Where the receiver chose the id, the directions differ, or (MPLS) only one has the tunnel at
  // all.
  std::erase_if(x_tunnel_scratch, [](const TunnelId& tunnel) { return tunnel.one_way; });
  result.key.tunnels = x_tunnels.number_of(x_tunnel_scratch);
}

void DatagramReader::read_vlans(const Dissection& dissection, Datagram& result) {
  const auto vlans = vlan_ids_of(dissection);
  x_vlan_scratch.assign(vlans.values().begin(), vlans.values().end());
  if (x_vlans_in_key) result.key.vlans = x_vlans.number_of(x_vlan_scratch);
  result.vlan_count =
      static_cast<std::uint8_t>(std::min(x_vlan_scratch.size(), result.vlans.size()));
  std::copy_n(x_vlan_scratch.begin(), result.vlan_count, result.vlans.begin());
}

}  // namespace tapdeck
