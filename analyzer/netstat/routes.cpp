// Routes, as whoever watches what hosts send can tell them: which hosts they reach at a link-layer
// address of their own, and which share one, that of a gateway.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "analyzer/netstat/link_facts.h"

namespace tapdeck {
namespace {

/// A host that was sent to, or a local one; with whoever is the first stop on the way there.
struct Reached {
  IpAddress address;
  std::optional<MacAddress> gateway = {};  // empty: it is a neighbour
  std::uint64_t frames = 0;
};

bool is_link_local(const IpAddress& address) {
  return address.version == 6 && address.octets[0] == 0xfe && (address.octets[1] & 0xc0U) == 0x80;
}

/// By ARP or ND it has this link-layer address itself.
bool is_neighbour(const InterfaceFacts& facts, const IpAddress& host, const MacAddress& link) {
  const MacAddress* const known = facts.neighbours.find({.host = host, .peer = {}});
  return is_link_local(host) || (known != nullptr && *known == link);
}

/// Link-layer addresses that carry for others than one host of a version that has them itself.
class Gateways {
  using LinkOfVersion = std::pair<MacAddress, std::uint8_t>;

 public:
  Gateways(const InterfaceFacts& facts, std::span<const Network> local) : x_facts(facts) {
    facts.next_hops.for_each([&](const HostKey& key, const NextHop& hop) {
      if (!contains(local, key.host) || is_neighbour(facts, key.peer, hop.address)) return;
      x_strangers[{hop.address, key.peer.version}].insert(key.peer);
    });
    facts.neighbours.for_each([&](const HostKey& key, const MacAddress& link) {
      x_own.try_emplace({link, key.host.version}, key.host);
    });
  }

  [[nodiscard]] bool carries(const MacAddress& link, const IpAddress& host) const {
    if (is_neighbour(x_facts, host, link)) return false;
    const auto strangers = x_strangers.find({link, host.version});
    return strangers != x_strangers.end() &&
           (strangers->second.has_more || own_address(link, host.version).has_value());
  }

  /// As ARP or ND named it first.
  [[nodiscard]] std::optional<IpAddress> own_address(const MacAddress& link,
                                                     std::uint8_t version) const {
    const auto own = x_own.find({link, version});
    return own == x_own.end() ? std::nullopt : std::optional(own->second);
  }

 private:
  struct FewAddresses {
    std::optional<IpAddress> first;
    bool has_more = false;

    void insert(const IpAddress& address) {
      has_more = has_more || (first && *first != address);
      if (!first) first = address;
    }
  };

  const InterfaceFacts& x_facts;
  std::map<LinkOfVersion, FewAddresses> x_strangers;
  std::map<LinkOfVersion, IpAddress> x_own;
};

std::vector<Reached> reached_by(const InterfaceFacts& facts, std::span<const Network> local,
                                const Gateways& gateways) {
  std::map<std::pair<std::uint8_t, IpAddress>, Reached> reached;
  facts.next_hops.for_each([&](const HostKey& key, const NextHop& hop) {
    if (!contains(local, key.host)) return;
    // A local address lies in the networks of its neighbours.
    reached.try_emplace({key.host.version, key.host},
                        Reached{.address = key.host, .gateway = {}, .frames = 0});
    Reached& there = reached.try_emplace({key.peer.version, key.peer}, Reached{.address = key.peer})
                         .first->second;
    if (gateways.carries(hop.address, key.peer)) there.gateway = hop.address;
    there.frames += hop.frames;
  });
  std::vector<Reached> sorted;
  for (const auto& [key, host] : reached) sorted.push_back(host);
  return sorted;
}

RouteRow route_to(std::span<const Reached> hosts, const Gateways& gateways) {
  const IpAddress& first = hosts.front().address;
  const std::uint8_t prefix = common_bits(first, hosts.back().address);
  RouteRow row{.destination = without_host_bits({.address = first, .prefix = prefix}),
               .through_gateway = hosts.front().gateway.has_value(),
               .next_hop = hosts.front().gateway};
  if (row.next_hop) row.gateway = gateways.own_address(*row.next_hop, first.version);
  for (const Reached& host : hosts) row.frames += host.frames;
  return row;
}

/// Through which most hosts are reached; empty if all are neighbours.
std::optional<MacAddress> busiest_gateway(std::span<const Reached> hosts) {
  std::map<MacAddress, std::size_t> counts;
  for (const Reached& host : hosts) {
    if (host.gateway) ++counts[*host.gateway];
  }
  const auto busiest =
      std::ranges::max_element(counts, {}, &std::pair<const MacAddress, std::size_t>::second);
  return busiest == counts.end() ? std::nullopt : std::optional(busiest->first);
}

/// Of one version. What goes through the busiest gateway has one route, behind the others; a host
/// of another way lies in a network without hosts of a third.
void add_routes(std::span<const Reached> hosts, const Gateways& gateways,
                std::vector<RouteRow>& routes) {
  const std::optional<MacAddress> busiest = busiest_gateway(hosts);
  std::vector<Reached> through_busiest;
  std::vector<std::span<const Reached>> waiting{hosts};  // those in front last
  while (!waiting.empty()) {
    const std::span<const Reached> part = waiting.back();
    waiting.pop_back();
    const std::optional<MacAddress> way = part.front().gateway;
    const bool one_way =
        std::ranges::all_of(part, [&](const Reached& host) { return host.gateway == way; });
    if (one_way && way && way == busiest) {
      through_busiest.insert(through_busiest.end(), part.begin(), part.end());
    } else if (one_way) {
      RouteRow route = route_to(part, gateways);
      if (route.frames != 0) routes.push_back(std::move(route));
    } else {
      const std::uint8_t shared = common_bits(part.front().address, part.back().address);
      const auto half = std::ranges::find_if(part, [&](const Reached& host) {
        return common_bits(part.front().address, host.address) == shared;
      });
      const auto in_front = static_cast<std::size_t>(half - part.begin());
      waiting.push_back(part.subspan(in_front));
      waiting.push_back(part.first(in_front));
    }
  }
  if (!through_busiest.empty()) routes.push_back(route_to(through_busiest, gateways));
}

}  // namespace

std::vector<RouteRow> infer_routes(const InterfaceFacts& facts, std::span<const Network> local) {
  const Gateways gateways(facts, local);
  const std::vector<Reached> sorted = reached_by(facts, local, gateways);
  const auto first_v6 =
      std::ranges::find(sorted, 6, [](const Reached& host) { return host.address.version; });
  std::vector<RouteRow> routes;
  const std::span all(sorted);
  const auto count_v4 = static_cast<std::size_t>(first_v6 - sorted.begin());
  for (const std::span<const Reached> version : {all.first(count_v4), all.subspan(count_v4)}) {
    if (!version.empty()) add_routes(version, gateways, routes);
  }
  return routes;
}

}  // namespace tapdeck
