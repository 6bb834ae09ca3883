// Routes by what hosts send to which link-layer address.
#include <array>
#include <map>

#include <gtest/gtest.h>

#include "analyzer/netstat/link_facts.h"

namespace tapdeck {
namespace {

const IpAddress host{{192, 0, 2, 10}, 4};
const std::vector<Network> local{network_of(host)};
constexpr MacAddress router{{2, 0, 0, 0, 0, 1}};
constexpr MacAddress other_router{{2, 0, 0, 0, 0, 2}};

IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {{a, b, c, d}, 4};
}

struct Seen : InterfaceFacts {
  void send(const IpAddress& to, const MacAddress& by, std::uint64_t frames = 1) {
    *next_hops.at({.host = host, .peer = to}) = {.address = by, .frames = frames};
  }
  void know(const IpAddress& address, const MacAddress& link) {
    *neighbours.at({.host = address, .peer = {}}) = link;
  }
};

TEST(Routes, AHostAtItsOwnAddressIsANeighbour) {
  Seen seen;
  seen.send(v4(192, 0, 2, 20), {{2, 0, 0, 0, 0, 20}}, 7);
  const std::vector<RouteRow> routes = infer_routes(seen, local);
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_FALSE(routes[0].through_gateway);
  EXPECT_EQ(to_string(routes[0].destination), "192.0.2.0/27") << "the least that holds both hosts";
  EXPECT_EQ(routes[0].frames, 7U);
}

TEST(Routes, AnAddressThatSeveralShareIsAGateways) {
  Seen seen;
  seen.know(v4(192, 0, 2, 1), router);
  seen.send(v4(198, 51, 100, 7), router, 2);
  seen.send(v4(203, 0, 113, 9), router, 3);
  seen.send(v4(192, 0, 2, 20), {{2, 0, 0, 0, 0, 20}});
  const std::vector<RouteRow> routes = infer_routes(seen, local);
  ASSERT_EQ(routes.size(), 2U);
  EXPECT_EQ(to_string(routes[0].destination), "192.0.2.0/27");
  EXPECT_EQ(to_string(routes[1].destination), "192.0.0.0/4") << "but the hosts in front";
  EXPECT_EQ(routes[1].gateway, v4(192, 0, 2, 1));
  EXPECT_EQ(routes[1].next_hop, router);
  EXPECT_EQ(routes[1].frames, 5U);
}

TEST(Routes, AGatewayThatIsKnownCarriesForOneHostToo) {
  Seen seen;
  seen.know(v4(192, 0, 2, 1), router);
  seen.send(v4(192, 0, 2, 1), router);
  seen.send(v4(198, 51, 100, 7), router);
  const std::vector<RouteRow> routes = infer_routes(seen, local);
  ASSERT_EQ(routes.size(), 2U);
  EXPECT_FALSE(routes[0].through_gateway) << "it is itself a neighbour";
  EXPECT_TRUE(routes[1].through_gateway);
}

TEST(Routes, TheSmallestNetworkTellsTheWay) {
  Seen seen;
  std::map<IpAddress, MacAddress> ways;
  for (const std::uint8_t last : std::array<std::uint8_t, 4>{1, 2, 130, 200}) {
    ways[v4(198, 51, 100, last)] = last == 130 ? other_router : router;
    ways[v4(198, 51, 101, last)] = last == 2 ? router : other_router;
    ways[v4(203, 0, 113, last)] = router;
  }
  for (const auto& [host_there, way] : ways) seen.send(host_there, way);
  const std::vector<RouteRow> routes = infer_routes(seen, local);
  for (const auto& [host_there, way] : ways) {
    const RouteRow* best = nullptr;
    for (const RouteRow& route : routes) {
      if (!route.destination.contains(host_there)) continue;
      if (best == nullptr || route.destination.prefix > best->destination.prefix) best = &route;
    }
    ASSERT_NE(best, nullptr) << to_string(host_there);
    EXPECT_EQ(best->next_hop, way) << to_string(host_there);
  }
  EXPECT_LE(routes.size(), 6U);
}

TEST(Routes, OfOthersThanTheLocalHostSayNothing) {
  Seen seen;
  *seen.next_hops.at({.host = v4(192, 0, 2, 99), .peer = host}) = {.address = router, .frames = 1};
  EXPECT_TRUE(infer_routes(seen, local).empty());
}

}  // namespace
}  // namespace tapdeck
