#include "dissectors/edit/address_places.h"

#include "dissectors/edit/address_collector.h"
#include "dissectors/edit/extension_addresses.h"
#include "dissectors/edit/group_addresses.h"
#include "dissectors/edit/icmp_addresses.h"
#include "dissectors/edit/ip_option_addresses.h"
#include "dissectors/edit/readable_part.h"
#include "dissectors/edit/transport_addresses.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

using Kind = AddressPlace::Kind;

constexpr std::size_t mac_octets = AddressCollector::mac_octets;

void add_arp(AddressCollector& collector) {
  constexpr std::uint16_t ethernet = 1, ipv4 = 0x0800;
  const Arp message(collector.region());
  if (message.hardware_type() == ethernet && message.hardware_length() == mac_octets) {
    collector.add(Kind::mac, Arp::sender_hardware_at());
    collector.add(Kind::mac, message.target_hardware_at());
  }
  if (message.protocol_type() == ipv4 && message.protocol_length() == 4) {
    collector.add(Kind::ipv4, message.sender_protocol_at());
    collector.add(Kind::ipv4, message.target_protocol_at());
  } else {
    collector.end_at(Arp::fixed_octets);
  }
}

/// Of headers that say whose frame it is, or who is asked for.
void add_link_places(AddressCollector& collector, ProtocolId protocol) {
  if (protocol == protocol_of<Ethernet>) {
    collector.add(Kind::mac, 0);
    collector.add(Kind::mac, mac_octets);
  } else if (protocol == protocol_of<LinuxSll>) {
    if (LinuxSll(collector.region()).address_length() == mac_octets) collector.add(Kind::mac, 6);
  } else if (protocol == protocol_of<LinuxSll2>) {
    if (LinuxSll2(collector.region()).address_length() == mac_octets) collector.add(Kind::mac, 12);
  } else if (protocol == protocol_of<Arp> || protocol == protocol_of<Rarp>) {
    add_arp(collector);
  }
}

void add_packet_places(AddressCollector& collector, ProtocolId protocol) {
  if (protocol == protocol_of<Tcp>) {
    add_tcp_option_addresses(collector);
  } else if (protocol == protocol_of<Ipv4>) {
    add_ipv4_option_addresses(collector);
  } else if (protocol == protocol_of<Icmp>) {
    add_icmp_addresses(collector);
  } else if (protocol == protocol_of<Icmpv6>) {
    add_icmpv6_addresses(collector);
  } else if (protocol == protocol_of<Igmp>) {
    add_igmp_addresses(collector);
  } else if (protocol == protocol_of<RoutingHeader>) {
    add_routing_addresses(collector);
  } else if (protocol == protocol_of<DestinationOptions> || protocol == protocol_of<HopByHop>) {
    add_ipv6_option_addresses(collector);
  } else if (protocol == protocol_of<Sctp>) {
    add_sctp_addresses(collector);
  }
}

}  // namespace

void find_address_places(const Dissection& dissection, AddressPlaces& places) {
  places.known.clear();
  places.readable = readable_octets(dissection);
  for (const Layer& layer : dissection.all_layers()) {
    AddressCollector collector(dissection, layer, places);
    add_link_places(collector, layer.protocol);
    add_packet_places(collector, layer.protocol);
  }
}

}  // namespace tapdeck
