#include "analyzer/anomalies/neighbours.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#include "analyzer/anomalies/family.h"
#include "captures/elapsed.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// A host that takes over for another keeps the address for longer.
constexpr std::int64_t conflict_ns = 60'000'000'000;

/// In the headers of Ethernet, IPv4 and IPv6.
constexpr std::size_t source_hardware_at = 6, source_v4_at = 12, source_v6_at = 8, ttl_v4_at = 8,
                      hop_limit_v6_at = 7;

/// Where an address and the hardware that sends from it are looked up. Requires: 4 or 16 octets of
/// the one and 6 of the other.
template <std::size_t octets>
std::size_t place_of(const std::byte* address, const std::byte* hardware) {
  constexpr std::uint64_t odd_constant = 0x9e3779b97f4a7c15;  // 2^64 / the golden ratio
  std::uint64_t high = 0, low = 0, mac = 0;
  std::memcpy(&high, address, std::min<std::size_t>(octets, sizeof high));
  if constexpr (octets > sizeof high) std::memcpy(&low, address + sizeof high, sizeof low);
  std::memcpy(&mac, hardware, 6);
  std::uint64_t mixed = (high ^ std::rotl(low, 29)) * odd_constant;
  mixed = (mixed ^ mixed >> 32U ^ mac) * odd_constant;
  return static_cast<std::size_t>(mixed >> 40U);
}

bool is_untouched(std::byte hop_limit) {
  constexpr std::array first_values{std::byte{64}, std::byte{128}, std::byte{255}};
  return std::ranges::find(first_values, hop_limit) != first_values.end();
}

}  // namespace

void Neighbours::add(const Dissection& dissection, Moment moment) {
  if (dissection.network == Dissection::no_layer) {
    add_claim(dissection, moment);
  } else {
    add_sender(dissection, moment);
  }
}

void Neighbours::add_claim(const Dissection& dissection, Moment moment) {
  for (const Layer& layer : dissection.all_layers()) {
    if (layer.protocol != protocol_of<Arp>) continue;
    const Region region = dissection.region_of(layer);
    if (!region.holds(Arp::fixed_octets)) return;
    const Arp message(region);
    const bool usual = message.hardware_length() == 6 && message.protocol_length() == 4 &&
                       message.protocol_type() == 0x0800;
    if (!usual || !region.holds(message.message_length())) return;
    const IpAddress address = IpAddress::read_v4(region.bytes, message.sender_protocol_at());
    if (address == IpAddress{}) return;  // a probe claims nothing (RFC 5227 §2.1.1)
    Host* const host = x_hosts.at({.host = address, .peer = {}});
    if (host == nullptr) return;
    note(*host, MacAddress::read(region.bytes, Arp::sender_hardware_at()), moment);
  }
}

/// Packets right behind the Ethernet header of which no router has counted the hops down.
void Neighbours::add_sender(const Dissection& dissection, Moment moment) {
  const Layer& link = dissection.layers[0];
  const Layer& network = dissection.layers[1];
  if (dissection.layer_count < 2 || link.protocol != protocol_of<Ethernet>) return;
  const std::byte* const hardware = dissection.frame.data() + source_hardware_at;
  const std::byte* const header = dissection.frame.data() + network.offset;
  std::size_t place = 0;
  if (network.protocol == protocol_of<Ipv4> && is_untouched(header[ttl_v4_at])) {
    place = place_of<4>(header + source_v4_at, hardware);
  } else if (network.protocol == protocol_of<Ipv6> && is_untouched(header[hop_limit_v6_at])) {
    place = place_of<16>(header + source_v6_at, hardware);
  } else {
    return;
  }
  auto seen = x_seen[place % x_seen.size()];
  if (seen) return;
  seen = true;
  note_sender(dissection, moment);
}

/// What a host sends to itself stays on no link.
void Neighbours::note_sender(const Dissection& dissection, Moment moment) {
  const Region region = dissection.region_of(dissection.layers[1]);
  const bool v4 = dissection.layers[1].protocol == protocol_of<Ipv4>;
  const IpAddress source = v4 ? Ipv4(region).source() : Ipv6(region).source();
  const IpAddress destination = v4 ? Ipv4(region).destination() : Ipv6(region).destination();
  if (source == destination || source.octets == IpAddress{}.octets) return;
  Host* const host = x_senders.at({.host = source, .peer = {}});
  if (host == nullptr) return;
  const MacAddress before = host->now;
  const MacAddress hardware = Ethernet(dissection.region_of(dissection.layers[0])).source();
  const bool moves = host->known && before != hardware;
  note(*host, hardware, moment);
  if (!moves) return;
  // The way back is another move.
  const std::byte* const from = std::as_bytes(std::span(before.octets)).data();
  const std::byte* const address = region.bytes.data() + (v4 ? source_v4_at : source_v6_at);
  const std::size_t place = v4 ? place_of<4>(address, from) : place_of<16>(address, from);
  x_seen[place % x_seen.size()] = false;
}

void Neighbours::note(Host& host, const MacAddress& hardware, Moment moment) {
  if (host.known && host.now != hardware) {
    const bool soon = elapsed_ns(host.seen.time_ns, moment.time_ns) <= conflict_ns;
    if (host.moved && host.before == hardware && soon) ++host.returns;
    if (host.moves++ == 0) host.first_move = moment;
    host.last_move = moment;
    host.before = host.now;
    host.moved = true;
  }
  host.now = hardware;
  host.known = true;
  host.seen = moment;
}

std::vector<Anomaly> Neighbours::judge() const {
  std::vector<Anomaly> found;
  x_hosts.for_each(
      [&](const HostKey& key, const Host& host) { judge(key.host, host, true, found); });
  x_senders.for_each([&](const HostKey& key, const Host& host) {
    const Host* const told = x_hosts.find(key);
    if (told == nullptr || told->moves == 0) judge(key.host, host, false, found);
  });
  return found;
}

void Neighbours::judge(const IpAddress& address, const Host& host, bool claimed,
                       std::vector<Anomaly>& found) {
  if (host.moves == 0) return;
  const bool conflict = claimed && host.returns != 0;
  const AnomalyType type = conflict ? AnomalyType::arp_conflict : AnomalyType::mac_flap;
  Anomaly anomaly = anomaly_of(type, host.first_move, host.last_move, host.moves);
  anomaly.evidence.set(EvidenceName::address, address);
  anomaly.evidence.set(EvidenceName::other_hardware_address, host.before);
  anomaly.evidence.set(EvidenceName::hardware_address, host.now);
  if (!conflict) anomaly.confidence = Confidence::medium;
  found.push_back(anomaly);
}

}  // namespace tapdeck
