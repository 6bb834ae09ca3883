#include "analyzer/flow/datagram_reader.h"

#include <algorithm>

#include "dissectors/ip_protocol.h"
#include "dissectors/network.h"
#include "dissectors/plain_frame.h"
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

/// Field by field to where they stay: a whole that is built of parts and then copied waits for
/// them.
void read_segment(const Tcp& header, std::uint32_t payload_octets, Segment& segment) {
  segment.seg_seq = {header.sequence_number()};
  segment.seg_ack = {header.acknowledgment_number()};
  segment.payload_octets = payload_octets;
  segment.window_field = header.window_field();
  segment.flags = header.flags();
  read_tcp_options(header.options(), segment.options);
  segment.checksum = header.checksum();
  segment.urgent_pointer = header.urgent_pointer();
  segment.payload_sum = 0;
  segment.has_payload_sum = false;
  segment.opening = {};
}

/// What the IP header tells of the order in which its sender sent, and of the way it took.
void read_network_fields(const Ipv4& header, Segment& segment) {
  segment.ip_id = header.identification();
  segment.flow_label = 0;
  segment.hop_limit = header.time_to_live();
  segment.traffic_class = header.type_of_service();
}

void read_network_fields(const Ipv6& header, Segment& segment) {
  segment.ip_id = 0;
  segment.flow_label = header.flow_label();
  segment.hop_limit = header.hop_limit();
  segment.traffic_class = header.traffic_class();
}

/// With a checksum that is right, what the header sums up to tells what the payload does: equal
/// lengths and unequal values mean unequal bytes.
void note_payload_sum(const Dissection& dissection, Segment& segment) {
  const Layer& transport = dissection.layers[dissection.transport];
  const Region region = dissection.region_of(transport);
  const std::uint16_t length = static_cast<std::uint16_t>(region.length);
  segment.payload_sum = internet_sum(region.bytes.first(transport.header_length), length);
  segment.has_payload_sum = true;
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

/// RFC 1191 section 4, RFC 4443 section 3.2: where a packet was too big, the size that fits.
std::uint32_t read_mtu(const Dissection& dissection) {
  constexpr std::uint8_t fragmentation_needed = 4;
  const Region region = dissection.region_of(dissection.layers[dissection.transport]);
  if (dissection.ip_protocol == IpProtocol::icmp) {
    const Icmp error(region);
    const bool too_big =
        error.type() == IcmpType::destination_unreachable && error.code() == fragmentation_needed;
    return too_big ? error.next_hop_mtu() : 0;
  }
  const Icmpv6 error(region);
  return error.type() == Icmpv6Type::packet_too_big ? error.mtu() : 0;
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
  result.notice.mtu = read_mtu(dissection);
  result.notice.quotes_sequence = false;
  if (dissection.quoted_transport == Dissection::no_layer) return;
  const Layer& transport = dissection.layers[dissection.quoted_transport];
  const Region region = dissection.region_of(transport);
  if (transport.protocol != protocol_of<Tcp> || !region.holds(Tcp::quoted_octets)) return;
  result.notice.quotes_sequence = true;
  result.notice.quoted_seq = {Tcp(region).sequence_number()};
}

/// A tunnel's outer header may go without a checksum (RFC 6935); this one is the innermost.
void read_udp_oddities(const Dissection& dissection, const Layer& transport, Datagram& result) {
  const Layer& network = dissection.layers[dissection.network];
  const Udp header(dissection.region_of(transport));
  if (network.protocol == protocol_of<Ipv6> && header.checksum() == 0) {
    result.oddities |= Oddity::no_udp_checksum;
  }
  if (header.length() != 0 && header.length() != transport.declared) {
    result.oddities |= Oddity::udp_length_differs;
  }
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
      read_segment(Tcp(region), result.payload_octets, result.segment);
      const Layer& network = dissection.layers[dissection.network];
      const Region header = dissection.region_of(network);
      if (network.protocol == protocol_of<Ipv4>) {
        read_network_fields(Ipv4(header), result.segment);
      } else {
        read_network_fields(Ipv6(header), result.segment);
      }
    } else if (transport.protocol == protocol_of<Udp>) {
      read_udp_oddities(dissection, transport, result);
    }
  }
  set_key(result, make_flow_key(addresses.source, ports.source, addresses.destination,
                                ports.destination, ip_protocol));
}

/// As read_transport, where each field lies at its fixed place.
void read_plain(const PlainFrame& frame, Datagram& result) {
  const Tcp tcp = frame.tcp();
  result.kind = Datagram::Kind::tcp;
  result.payload_octets = frame.payload_octets();
  read_segment(tcp, result.payload_octets, result.segment);
  const auto read_network = [&](const auto& header) {
    read_network_fields(header, result.segment);
    set_key(result, make_flow_key(header.source(), tcp.source_port(), header.destination(),
                                  tcp.destination_port(), IpProtocol::tcp));
  };
  if (frame.is_ipv4()) {
    read_network(frame.ipv4());
  } else {
    read_network(frame.ipv6());
  }
}

}  // namespace

bool DatagramReader::read(const Packet& packet, const Dissection& dissection,
                          ChecksumStatus checksum, Datagram& result) {
  if (dissection.network == Dissection::no_layer || dissection.is_fragment) return false;
  // Without a header that can be read nobody knows whose the packet is.
  if (dissection.transport == Dissection::no_layer &&
      IpProtocol::has_ports(dissection.ip_protocol)) {
    return false;
  }
  result.bad_checksum = checksum == ChecksumStatus::bad;
  result.oddities = checksum == ChecksumStatus::bad ? Oddity::bad_checksum : std::uint8_t{0};
  if (dissection.reassembly.overlaps) result.oddities |= Oddity::fragments_overlap;
  if (dissection.reassembly.conflicts) result.oddities |= Oddity::fragments_conflict;
  result.frame_number = packet.number;
  result.time_ns = packet.time_ns;
  result.frames = std::max(1U, dissection.reassembly.frames);
  result.frame_octets =
      dissection.reassembly.frames == 0 ? packet.wire_length : dissection.reassembly.frame_octets;
  result.payload_octets = 0;
  result.icmp_type = result.icmp_code = 0;
  if (dissection.is_plain) {
    read_plain(PlainFrame(dissection), result);
  } else {
    read_transport(dissection, result);
  }
  if (result.kind == Datagram::Kind::tcp && checksum == ChecksumStatus::good) {
    note_payload_sum(dissection, result.segment);
  }
  if (dissection.quoted_network != Dissection::no_layer) read_icmp_error(dissection, result);
  result.tunnels = result.key.tunnels = 0;
  const bool tunnelled = dissection.tunnel_layers != 0 || dissection.network_layers > 1;
  if (tunnelled) read_tunnels(dissection, result);
  result.vlan_count = 0;
  result.key.vlans = 0;
  result.mark = read_mark(packet, dissection);
  if (x_first_interface < 0) x_first_interface = result.mark.interface;
  x_several_interfaces |= x_first_interface != result.mark.interface;
  result.mark.of_several_interfaces = x_several_interfaces;
  if (dissection.has_vlan) read_vlans(dissection, result);
  if (result.kind == Datagram::Kind::tcp && result.segment.is_syn()) {
    read_opening(dissection, result);
  }
  result.notice.own.key.tunnels = result.key.tunnels;
  result.notice.own.key.vlans = result.key.vlans;
  return true;
}

void DatagramReader::read_opening(const Dissection& dissection, Datagram& result) {
  const AddressPair addresses = addresses_of(dissection, dissection.layers[dissection.network]);
  const bool from_low = result.direction == Direction::low_to_high;
  result.segment.opening =
      x_openings.add({.client = addresses.source,
                      .server = addresses.destination,
                      .client_port = from_low ? result.key.low_port : result.key.high_port,
                      .server_port = from_low ? result.key.high_port : result.key.low_port,
                      .tunnels = result.key.tunnels,
                      .initial_number = result.segment.seg_seq,
                      .ip_id = result.segment.ip_id,
                      .time_ns = result.time_ns});
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
  for (const std::uint16_t vlan : x_vlan_scratch) {
    result.mark.vlans =
        static_cast<std::uint8_t>(result.mark.vlans * 31U + vlan + (vlan >> 8U) + 1U);
  }
}

}  // namespace tapdeck
