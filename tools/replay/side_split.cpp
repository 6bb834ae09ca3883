#include "tools/replay/side_split.h"

#include <algorithm>

#include "dissectors/ip_protocol.h"
#include "dissectors/network.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// Of each shard: a quarter of a million conversations in all, in a quarter of a gigabyte.
constexpr FlowLimits limits{.open_conversations = 1024, .octets = std::size_t{1} << 20U};

/// A MAC address in the place of an IP address, so that one table knows both.
IpAddress station(const MacAddress& address) {
  IpAddress result{.version = 0};
  std::ranges::copy(address.octets, result.octets.begin());
  return result;
}

bool is_group(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 4> broadcast{0xff, 0xff, 0xff, 0xff};
  switch (address.version) {
    case 4:
      return address.octets[0] >> 4U == 0xeU ||
             std::equal(broadcast.begin(), broadcast.end(), address.octets.begin());
    case 6:
      return address.octets[0] == 0xff;
    default:
      return (address.octets[0] & 1U) != 0;
  }
}

/// The sender and the target of an ARP message about IPv4.
std::optional<AddressPair> arp_addresses(Region region) {
  constexpr std::uint16_t ipv4 = 0x0800;
  constexpr std::uint8_t ipv4_octets = 4;
  const Arp message(region);
  if (message.protocol_type() != ipv4 || message.protocol_length() != ipv4_octets ||
      !region.holds(message.message_length())) {
    return std::nullopt;
  }
  return AddressPair{IpAddress::read_v4(region.bytes, message.sender_protocol_at()),
                     IpAddress::read_v4(region.bytes, message.target_protocol_at())};
}

bool is_echo(const Dissection& dissection) {
  if (dissection.transport == Dissection::no_layer) return false;
  const Layer& layer = dissection.layers[dissection.transport];
  const Region region = dissection.region_of(layer);
  if (!region.holds(1)) return false;
  const std::uint8_t type = read_octet(region.bytes, 0);
  if (layer.protocol == protocol_of<Icmp>) return type == 0 || type == 8;
  return layer.protocol == protocol_of<Icmpv6> && (type == 128 || type == 129);
}

}  // namespace

SideSplit::SideSplit(Side unknown_side) : x_unknown_side(unknown_side) { start(); }

void SideSplit::start() {
  x_tracker = std::make_unique<Tracker>(TrackerOptions{.limits = limits});
  x_dissector = Dissector();
}

SideCounts SideSplit::counts() const {
  SideCounts counts = x_counts;
  counts.addresses_dropped = x_addresses.dropped();
  return counts;
}

Side SideSplit::side_of(const Packet& packet) {
  const std::optional<Sender> sender = look_at(packet);
  const Ends ends = ends_of_packet();
  SideToldBy told_by = SideToldBy::connection;
  Side side = x_unknown_side;
  if (sender && tells(*sender, ends)) {
    side = sender->side;
  } else if (const std::optional<Side> known = side_by_address(ends)) {
    side = *known;
    told_by = SideToldBy::address;
  } else if (sender && !ends.to_group) {
    side = sender->side;
  } else {
    told_by = SideToldBy::nothing;
  }
  ++x_counts.packets[index_of(side)][static_cast<std::size_t>(told_by)];
  return side;
}

/// Who sends it by its conversation alone; its ends are remembered if that is sure.
std::optional<Sender> SideSplit::look_at(const Packet& packet) {
  if (x_tracker->sweep_due(packet.number)) {
    x_tracker->sweep(packet.number);
    for (FlowTable* const shard : x_tracker->shards()) {
      for (const EndedConversation& ended : shard->take_ended()) shard->release(ended.index);
    }
  }
  x_dissector.release_datagrams();
  x_dissector.dissect(packet, x_dissection);
  const auto sender = x_tracker->add_at_once(packet, x_dissection, ChecksumStatus::unverifiable);
  const Ends ends = ends_of_packet();
  const bool is_error = x_dissection.quoted_network != Dissection::no_layer;
  if (sender && !is_error && tells(*sender, ends)) remember(ends, sender->side);
  return sender;
}

SideSplit::Ends SideSplit::ends_of_packet() const {
  Ends ends;
  for (const Layer& layer : x_dissection.all_layers()) {
    const Region region = x_dissection.region_of(layer);
    if (layer.protocol == protocol_of<Ethernet> && !ends.has_stations) {
      const Ethernet header(region);
      ends.source_station = station(header.source());
      ends.destination_station = station(header.destination());
      ends.has_stations = true;
    } else if (layer.protocol == protocol_of<Arp>) {
      const std::optional<AddressPair> addresses = arp_addresses(region);
      if (!addresses) break;
      ends.source = addresses->source;
      ends.destination = addresses->destination;
      ends.has_addresses = true;
    } else if (role_of(layer.protocol) == Role::network && !layer.quoted) {
      const AddressPair addresses = addresses_of(x_dissection, layer);
      ends.source = addresses.source;
      ends.destination = addresses.destination;
      ends.has_addresses = true;
    }
  }
  ends.to_group = (ends.has_addresses && is_group(ends.destination)) ||
                  (ends.has_stations && is_group(ends.destination_station));
  return ends;
}

/// Where nothing but the order of packets says who is the client, that is worth something only if
/// one end asks and the other answers.
bool SideSplit::tells(const Sender& sender, const Ends& ends) const {
  if (ends.to_group) return false;
  return sender.client_known_by != ClientKnownBy::first_sender ||
         IpProtocol::has_ports(x_dissection.ip_protocol) ||
         x_dissection.quoted_network != Dissection::no_layer || is_echo(x_dissection);
}

void SideSplit::remember(const Ends& ends, Side sender) {
  const auto vote = [&](const IpAddress& address, Side side) {
    if (Votes* const votes = x_addresses.at({.host = address, .peer = {}}))
      ++(*votes)[index_of(side)];
  };
  vote(ends.source, sender);
  vote(ends.destination, other(sender));
  if (!ends.has_stations) return;
  vote(ends.source_station, sender);
  vote(ends.destination_station, other(sender));
}

std::optional<Side> SideSplit::side_of_address(const IpAddress& address) const {
  const Votes* const votes = x_addresses.find({.host = address, .peer = {}});
  if (votes == nullptr || (*votes)[0] == (*votes)[1]) return std::nullopt;
  return (*votes)[index_of(Side::client)] > (*votes)[index_of(Side::server)] ? Side::client
                                                                             : Side::server;
}

/// The sender's own, else the one that isn't the receiver's.
std::optional<Side> SideSplit::side_by_address(const Ends& ends) const {
  const auto by = [&](const IpAddress& source, const IpAddress& destination) {
    std::optional<Side> side = side_of_address(source);
    if (side || ends.to_group) return side;
    side = side_of_address(destination);
    return side ? std::optional(other(*side)) : side;
  };
  std::optional<Side> side;
  if (ends.has_addresses) side = by(ends.source, ends.destination);
  if (!side && ends.has_stations) side = by(ends.source_station, ends.destination_station);
  return side;
}

}  // namespace tapdeck
