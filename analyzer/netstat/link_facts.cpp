#include "analyzer/netstat/link_facts.h"

#include <algorithm>
#include <optional>

#include "analyzer/netstat/host_facts.h"
#include "dissectors/network.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::size_t most_interfaces = 64;
constexpr std::uint16_t ether_type_ipv4 = 0x0800;
constexpr std::size_t mac_octets = 6;

std::optional<Ethernet> ethernet_of(const Dissection& dissection) {
  if (dissection.layer_count == 0) return std::nullopt;
  const Layer& outermost = dissection.layers[0];
  if (outermost.protocol != protocol_of<Ethernet>) return std::nullopt;
  return Ethernet(dissection.region_of(outermost));
}

bool is_group(const MacAddress& address) { return (address.octets[0] & 1U) != 0; }

/// To several: by the link-layer address, or as a cooked header says it.
bool goes_to_many(const Dissection& dissection) {
  if (const auto ethernet = ethernet_of(dissection)) return is_group(ethernet->destination());
  if (dissection.layer_count == 0) return false;
  constexpr std::uint16_t broadcast = 1, multicast = 2;
  const Region region = dissection.region_of(dissection.layers[0]);
  std::uint16_t type = 0;
  if (dissection.layers[0].protocol == protocol_of<LinuxSll>) type = LinuxSll(region).packet_type();
  if (dissection.layers[0].protocol == protocol_of<LinuxSll2>) {
    type = LinuxSll2(region).packet_type();
  }
  return type == broadcast || type == multicast;
}

/// An IPv4 address and the Ethernet address that goes with it.
struct ArpSender {
  IpAddress address;
  MacAddress link;
};

std::optional<ArpSender> arp_sender_of(const Dissection& dissection) {
  for (const Layer& layer : dissection.all_layers()) {
    if (layer.protocol != protocol_of<Arp>) continue;
    const Region region = dissection.region_of(layer);
    const Arp message(region);
    if (message.protocol_type() != ether_type_ipv4 || message.hardware_length() != mac_octets ||
        message.protocol_length() != 4 || !region.holds(message.message_length())) {
      return std::nullopt;
    }
    return ArpSender{.address = IpAddress::read_v4(region.bytes, message.sender_protocol_at()),
                     .link = MacAddress::read(region.bytes, Arp::sender_hardware_at())};
  }
  return std::nullopt;
}

bool is_nobody(const IpAddress& address) { return address.octets == IpAddress{}.octets; }

/// RFC 4861 §4: the target of an advertisement, else the sender; and who sent the frame, which is
/// what the option in it says too.
void note_neighbour_discovery(const Dissection& dissection, const MacAddress& sender,
                              InterfaceFacts& facts) {
  if (dissection.transport == Dissection::no_layer) return;
  const Layer& transport = dissection.layers[dissection.transport];
  if (transport.protocol != protocol_of<Icmpv6>) return;
  const Region region = dissection.region_of(transport);
  constexpr std::size_t target_at = 8;
  if (!region.holds(target_at + 16)) return;
  const std::uint8_t type = Icmpv6(region).type();
  IpAddress address = addresses_of(dissection, dissection.layers[dissection.network]).source;
  if (type == Icmpv6Type::neighbor_advertisement) {
    address = IpAddress::read_v6(region.bytes, target_at);
  } else if (type != Icmpv6Type::neighbor_solicitation &&
             type != Icmpv6Type::router_advertisement) {
    return;
  }
  if (is_nobody(address)) return;
  if (MacAddress* const link = facts.neighbours.at({.host = address, .peer = {}})) *link = sender;
}

void note_next_hop(const Dissection& dissection, InterfaceFacts& facts) {
  const auto ethernet = ethernet_of(dissection);
  if (!ethernet || dissection.network_layers != 1) return;
  note_neighbour_discovery(dissection, ethernet->source(), facts);
  const auto [source, destination] =
      addresses_of(dissection, dissection.layers[dissection.network]);
  if (is_group(ethernet->destination()) || !destination.is_unicast()) return;
  if (NextHop* const hop = facts.next_hops.at({.host = source, .peer = destination})) {
    hop->address = ethernet->destination();
    ++hop->frames;
  }
}

void add_traffic(InterfaceTraffic& sum, const InterfaceTraffic& part) {
  sum.octets += part.octets;
  sum.unicast += part.unicast;
  sum.non_unicast += part.non_unicast;
  sum.errors += part.errors;
  sum.unknown += part.unknown;
}

const CaptureInterface* interface_at(const std::vector<CaptureInfo>& captures,
                                     std::uint16_t capture, std::uint32_t interface) {
  if (capture >= captures.size() || interface >= captures[capture].interfaces.size()) {
    return nullptr;
  }
  return &captures[capture].interfaces[interface];
}

InterfaceTraffic traffic_of(const Packet& packet, const Dissection& dissection,
                            const ChecksumReport& checksums) {
  InterfaceTraffic one{.octets = packet.wire_length};
  (goes_to_many(dissection) ? one.non_unicast : one.unicast) = 1;
  const bool is_malformed = dissection.has_fault && dissection.fault.kind != FaultKind::cut_short;
  one.errors = is_malformed || checksums.network == ChecksumStatus::bad ||
                       checksums.transport == ChecksumStatus::bad
                   ? 1
                   : 0;
  const bool has_unknown_type = dissection.unknown.space() == SelectorSpace::ether_type;
  one.unknown = dissection.network == Dissection::no_layer && has_unknown_type ? 1 : 0;
  return one;
}

}  // namespace

InterfaceFacts* LinkFacts::facts_of(const Packet& packet) {
  const Place place{packet.capture, packet.interface};
  if (x_last != nullptr && place == x_last_place) return x_last;
  if (x_interfaces.size() >= most_interfaces && !x_interfaces.contains(place)) {
    ++x_dropped;
    return nullptr;
  }
  x_last_place = place;
  x_last = &x_interfaces[place];
  return x_last;
}

void LinkFacts::add(const Packet& packet, const Dissection& dissection,
                    const ChecksumReport& checksums) {
  InterfaceFacts* const facts = facts_of(packet);
  if (facts == nullptr) return;
  IpAddress sender;
  if (dissection.network != Dissection::no_layer) {
    sender = addresses_of(dissection, dissection.layers[dissection.network]).source;
    note_next_hop(dissection, *facts);
  } else if (const auto arp = arp_sender_of(dissection); arp && !is_nobody(arp->address)) {
    sender = arp->address;
    if (MacAddress* const link = facts->neighbours.at({.host = sender, .peer = {}})) {
      *link = arp->link;
    }
  }
  if (InterfaceTraffic* const traffic = facts->senders.at({.host = sender, .peer = {}})) {
    add_traffic(*traffic, traffic_of(packet, dissection, checksums));
  }
}

std::vector<InterfaceRow> LinkFacts::interfaces(std::span<const Network> local,
                                                const std::vector<CaptureInfo>& captures) const {
  std::vector<InterfaceRow> rows;
  for (const auto& [place, facts] : x_interfaces) {
    InterfaceRow row;
    if (const auto* const interface = interface_at(captures, place.first, place.second)) {
      row.name = interface->name;
      row.discarded = interface->dropped();
    }
    facts.senders.for_each([&](const HostKey& key, const InterfaceTraffic& traffic) {
      add_traffic(contains(local, key.host) ? row.sent : row.received, traffic);
    });
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<RouteRow> LinkFacts::routes(std::span<const Network> local,
                                        const std::vector<CaptureInfo>& captures) const {
  std::vector<RouteRow> rows;
  for (const auto& [place, facts] : x_interfaces) {
    const auto* const interface = interface_at(captures, place.first, place.second);
    for (RouteRow& row : infer_routes(facts, local)) {
      if (interface != nullptr) row.interface = interface->name;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::uint64_t LinkFacts::left_out() const {
  std::uint64_t sum = x_dropped;
  for (const auto& [place, facts] : x_interfaces) {
    sum += facts.senders.dropped() + facts.next_hops.dropped() + facts.neighbours.dropped();
  }
  return sum;
}

}  // namespace tapdeck
