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
    const MacAddress claimed = MacAddress::read(region.bytes, Arp::sender_hardware_at());
    Host* const host = x_hosts.at({.host = address, .peer = {}});
    if (host == nullptr) return;
    if (host->known && host->now != claimed) {
      const bool soon = elapsed_ns(host->seen.time_ns, moment.time_ns) <= conflict_ns;
      if (host->moved && host->before == claimed && soon) ++host->returns;
      if (host->moves++ == 0) host->first_move = moment;
      host->last_move = moment;
      host->before = host->now;
      host->moved = true;
    }
    host->now = claimed;
    host->known = true;
    host->seen = moment;
  }
}

std::vector<Anomaly> Neighbours::judge() const {
  std::vector<Anomaly> found;
  x_hosts.for_each([&](const HostKey&, const Host& host) {
    if (host.moves == 0) return;
    const AnomalyType type = host.returns != 0 ? AnomalyType::arp_conflict : AnomalyType::mac_flap;
    Anomaly anomaly{.type = type,
                    .severity = kind_of(type).severity,
                    .direction = AnomalyDirection::none,
                    .connection = 0,
                    .first = host.first_move,
                    .last = host.last_move,
                    .count = host.moves,
                    .evidence = {},
                    .considered = {}};
    if (host.returns == 0) anomaly.confidence = Confidence::medium;
    found.push_back(anomaly);
  });
  return found;
}

}  // namespace tapdeck
