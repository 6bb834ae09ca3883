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
               .gateway = {},
               .through_gateway = hosts.front().gateway.has_value(),
               .next_hop = hosts.front().gateway,
               .frames = 0,
               .interface = {}};
  if (row.next_hop) row.gateway = gateways.own_address(*row.next_hop, first.version);
  for (const Reached& host : hosts) row.frames += host.frames;
  return row;
}

}  // namespace

std::vector<RouteRow> infer_routes(const InterfaceFacts& facts, std::span<const Network> local) {
  const Gateways gateways(facts, local);
  const std::vector<Reached> sorted = reached_by(facts, local, gateways);
  std::vector<RouteRow> routes;
  std::vector<std::span<const Reached>> waiting;  // each of one version, those in front last
  const auto first_v6 =
      std::ranges::find(sorted, 6, [](const Reached& r) { return r.address.version; });
  for (const std::span<const Reached> version :
       {std::span<const Reached>(first_v6, sorted.end()),
        std::span<const Reached>(sorted.begin(), first_v6)}) {
    if (!version.empty()) waiting.push_back(version);
  }
  while (!waiting.empty()) {
    const std::span<const Reached> hosts = waiting.back();
    waiting.pop_back();
    const bool one_way = std::ranges::all_of(
        hosts, [&](const Reached& host) { return host.gateway == hosts.front().gateway; });
    if (one_way) {
      RouteRow route = route_to(hosts, gateways);
      if (route.frames != 0) routes.push_back(std::move(route));
      continue;
    }
    const std::uint8_t shared = common_bits(hosts.front().address, hosts.back().address);
    const auto half = std::ranges::find_if(hosts, [&](const Reached& host) {
      return common_bits(hosts.front().address, host.address) == shared;
    });
    const auto in_front = static_cast<std::size_t>(half - hosts.begin());
    waiting.push_back(hosts.subspan(in_front));
    waiting.push_back(hosts.first(in_front));
  }
  return routes;
}

}  // namespace tapdeck
