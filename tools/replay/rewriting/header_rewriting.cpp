#include "tools/replay/rewriting/header_rewriting.h"

#include <algorithm>

#include "dissectors/ip_protocol.h"
#include "dissectors/network.h"
#include "dissectors/registry.h"
#include "tools/replay/rewriting/packet_flow.h"

namespace tapdeck {
namespace {

bool is_network(const Layer& layer) { return role_of(layer.protocol) == Role::network; }

/// By which rules name transports; 0 for one without ports.
std::uint8_t ip_protocol_of(const Layer& transport) {
  const ProtocolId protocol = transport.protocol;
  if (protocol == protocol_of<Tcp>) return IpProtocol::tcp;
  if (protocol == protocol_of<Udp>) return IpProtocol::udp;
  if (protocol == protocol_of<Sctp>) return IpProtocol::sctp;
  if (protocol == protocol_of<Dccp>) return IpProtocol::dccp;
  return protocol == protocol_of<UdpLite> ? IpProtocol::udp_lite : std::uint8_t{0};
}

}  // namespace

void HeaderRewriting::apply(FrameEdit& edit) {
  set_frame_macs(edit);
  for (const Layer& layer : edit.dissection().all_layers()) {
    if (x_maps.maps_addresses() && is_network(layer)) map_addresses(edit, layer);
    if (x_maps.maps_ports() && role_of(layer.protocol) == Role::transport) map_ports(edit, layer);
  }
  if (x_maps.maps_addresses() || x_maps.maps_macs()) map_places(edit);
  if (x_hop_limit) change_hop_limit(edit);
}

void HeaderRewriting::map_addresses(FrameEdit& edit, const Layer& layer) {
  const std::uint8_t version = layer.protocol == protocol_of<Ipv4> ? 4 : 6;
  const std::uint32_t at = addresses_at(layer);
  for (const std::uint32_t place : {at, at + (version == 4 ? 4U : 16U)}) {
    edit.write(place, x_maps.mapped(read_address(edit.frame(), place, version)));
  }
}

void HeaderRewriting::map_ports(FrameEdit& edit, const Layer& layer) const {
  const std::uint8_t ip_protocol = ip_protocol_of(layer);
  if (ip_protocol == 0) return;
  for (const std::size_t place : {layer.offset + std::size_t{0}, layer.offset + std::size_t{2}}) {
    const auto port = read_big_endian<std::uint16_t>(edit.frame(), place);
    edit.write(place, x_maps.mapped(port, ip_protocol));
  }
}

void HeaderRewriting::map_places(FrameEdit& edit) {
  find_address_places(edit.dissection(), x_places);
  for (const AddressPlace& place : x_places.known) {
    if (place.kind == AddressPlace::Kind::mac) {
      if (!x_maps.maps_macs()) continue;
      edit.write(place.at, x_maps.mapped(MacAddress::read(edit.frame(), place.at)));
    } else {
      const std::uint8_t version = place.kind == AddressPlace::Kind::ipv4 ? 4 : 6;
      edit.write(place.at, x_maps.mapped(read_address(edit.frame(), place.at, version)));
    }
  }
}

/// Who sends is told by the outermost packet, as it was captured.
void HeaderRewriting::set_frame_macs(FrameEdit& edit) const {
  const Dissection& dissection = edit.dissection();
  const auto layers = dissection.all_layers();
  if (layers.empty() || layers.front().protocol != protocol_of<Ethernet>) return;
  std::optional<IpAddress> sender;
  if (const auto network = std::ranges::find_if(layers, is_network); network != layers.end()) {
    sender = addresses_of(dissection, *network).source;
  }
  if (const auto mac = x_maps.destination_mac(sender)) edit.write(0, *mac);
  if (const auto mac = x_maps.source_mac(sender)) edit.write(6, *mac);
}

void HeaderRewriting::change_hop_limit(FrameEdit& edit) const {
  const auto layers = edit.dissection().all_layers();
  const auto network = std::ranges::find_if(layers, is_network);
  if (network == layers.end()) return;
  const std::size_t at = network->offset + (network->protocol == protocol_of<Ipv4> ? 8U : 7U);
  const int before = read_octet(edit.frame(), at);
  const int after =
      x_hop_limit->relative ? std::clamp(before + x_hop_limit->value, 1, 255) : x_hop_limit->value;
  edit.write(at, static_cast<std::uint8_t>(after));
}

}  // namespace tapdeck
