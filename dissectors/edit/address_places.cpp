#include "dissectors/edit/address_places.h"

#include "dissectors/edit/address_collector.h"
#include "dissectors/edit/readable_part.h"
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

/// RFC 4861 §4.6, RFC 8106 §5.1.
void add_discovery_options(AddressCollector& collector, std::size_t at) {
  constexpr std::uint8_t source = 1, target = 2, prefix = 3, name_servers = 25;
  while (collector.region().holds(at + 2)) {
    const std::uint8_t type = read_octet(collector.region().bytes, at);
    const std::size_t length = read_octet(collector.region().bytes, at + 1) * std::size_t{8};
    if (length == 0) return;
    if ((type == source || type == target) && length == 8) collector.add(Kind::mac, at + 2);
    if (type == prefix && length == 32) collector.add(Kind::ipv6, at + 16);
    if (type == name_servers) {
      for (std::size_t one = 8; one + 16 <= length; one += 16) collector.add(Kind::ipv6, at + one);
    }
    at += length;
  }
}

void add_discovery(AddressCollector& collector) {
  switch (Icmpv6(collector.region()).type()) {
    case Icmpv6Type::router_solicitation:
      return add_discovery_options(collector, 8);
    case Icmpv6Type::router_advertisement:
      return add_discovery_options(collector, 16);
    case Icmpv6Type::neighbor_solicitation:
    case Icmpv6Type::neighbor_advertisement:
      collector.add(Kind::ipv6, 8);
      return add_discovery_options(collector, 24);
    case Icmpv6Type::redirect:
      collector.add(Kind::ipv6, 8);
      collector.add(Kind::ipv6, 24);
      return add_discovery_options(collector, 40);
  }
}

}  // namespace

void find_address_places(const Dissection& dissection, AddressPlaces& places) {
  places.known.clear();
  places.readable = readable_octets(dissection);
  for (const Layer& layer : dissection.all_layers()) {
    AddressCollector collector(dissection, layer, places);
    const ProtocolId protocol = layer.protocol;
    if (protocol == protocol_of<Ethernet>) {
      collector.add(Kind::mac, 0);
      collector.add(Kind::mac, mac_octets);
    } else if (protocol == protocol_of<LinuxSll>) {
      if (LinuxSll(collector.region()).address_length() == mac_octets) collector.add(Kind::mac, 6);
    } else if (protocol == protocol_of<LinuxSll2>) {
      if (LinuxSll2(collector.region()).address_length() == mac_octets)
        collector.add(Kind::mac, 12);
    } else if (protocol == protocol_of<Arp> || protocol == protocol_of<Rarp>) {
      add_arp(collector);
    } else if (protocol == protocol_of<Icmpv6>) {
      add_discovery(collector);
    }
  }
}

}  // namespace tapdeck
