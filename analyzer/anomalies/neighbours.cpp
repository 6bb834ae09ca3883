#include "analyzer/anomalies/neighbours.h"

#include "analyzer/anomalies/family.h"
#include "captures/elapsed.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// A host that takes over for another keeps the address for longer.
constexpr std::int64_t conflict_ns = 60'000'000'000;

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

/// Packets right behind the Ethernet header, of which no router has counted the hops down. What a
/// host sends to itself stays on no link.
void Neighbours::add_sender(const Dissection& dissection, Moment moment) {
  const Layer& link = dissection.layers[0];
  const Layer& network = dissection.layers[1];
  if (link.protocol != protocol_of<Ethernet> || dissection.layer_count < 2) return;
  IpAddress address, destination;
  std::uint8_t hop_limit = 0;
  const Region region = dissection.region_of(network);
  if (network.protocol == protocol_of<Ipv4>) {
    address = Ipv4(region).source();
    destination = Ipv4(region).destination();
    hop_limit = Ipv4(region).time_to_live();
  } else if (network.protocol == protocol_of<Ipv6>) {
    address = Ipv6(region).source();
    destination = Ipv6(region).destination();
    hop_limit = Ipv6(region).hop_limit();
  }
  const bool untouched = hop_limit == 64 || hop_limit == 128 || hop_limit == 255;
  if (!untouched || address == destination || address.octets == IpAddress{}.octets) return;
  const MacAddress hardware = Ethernet(dissection.region_of(link)).source();
  const std::size_t mixed = address.octets[3] ^ address.octets[2] ^ address.octets[15];
  Recent& recent = x_recent[mixed % x_recent.size()];
  if (recent == Recent{address, hardware}) return;
  recent = {.address = address, .hardware = hardware};
  if (Host* const host = x_senders.at({.host = address, .peer = {}})) {
    note(*host, hardware, moment);
  }
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
  x_hosts.for_each([&](const HostKey&, const Host& host) { judge(host, true, found); });
  x_senders.for_each([&](const HostKey& key, const Host& host) {
    const Host* const told = x_hosts.find(key);
    if (told == nullptr || told->moves == 0) judge(host, false, found);
  });
  return found;
}

void Neighbours::judge(const Host& host, bool claimed, std::vector<Anomaly>& found) {
  if (host.moves == 0) return;
  const bool conflict = claimed && host.returns != 0;
  const AnomalyType type = conflict ? AnomalyType::arp_conflict : AnomalyType::mac_flap;
  Anomaly anomaly{.type = type,
                  .severity = kind_of(type).severity,
                  .direction = AnomalyDirection::none,
                  .connection = 0,
                  .first = host.first_move,
                  .last = host.last_move,
                  .count = host.moves,
                  .evidence = {},
                  .considered = {}};
  if (!conflict) anomaly.confidence = Confidence::medium;
  found.push_back(anomaly);
}

}  // namespace tapdeck
