// What frames tell below IP: how much each interface of a capture carried, from whom, and to which
// link-layer address every host sent first.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "analyzer/anomalies/bounded_map.h"
#include "analyzer/netstat/connection_table.h"
#include "captures/capture_info.h"
#include "captures/packet.h"
#include "dissectors/checksum.h"
#include "dissectors/dissection.h"

namespace tapdeck {

/// The first stop of what one host sends to another.
struct NextHop {
  MacAddress address;
  std::uint64_t frames = 0;
};

/// What was seen on one interface. A `host` of only zeros stands for whoever has no IP address.
struct InterfaceFacts {
  static constexpr std::size_t most_hosts = 8'192;

  HostTable<InterfaceTraffic, most_hosts> senders;
  HostTable<NextHop, 4 * most_hosts> next_hops;  // by host, and peer it sends to
  HostTable<MacAddress, most_hosts> neighbours;  // as ARP and ND tell it
};

class LinkFacts {
 public:
  void add(const Packet& packet, const Dissection& dissection, const ChecksumReport& checksums);

  /// What the local hosts sent, and the rest.
  [[nodiscard]] std::vector<InterfaceRow> interfaces(
      std::span<const Network> local, const std::vector<CaptureInfo>& captures) const;

  /// Of the local hosts.
  [[nodiscard]] std::vector<RouteRow> routes(std::span<const Network> local,
                                             const std::vector<CaptureInfo>& captures) const;

  [[nodiscard]] std::uint64_t left_out() const;

 private:
  using Place = std::pair<std::uint16_t, std::uint32_t>;  // capture, interface

  InterfaceFacts* facts_of(const Packet& packet);

  std::map<Place, InterfaceFacts> x_interfaces;
  Place x_last_place;
  InterfaceFacts* x_last = nullptr;  // of x_last_place
  std::uint64_t x_dropped = 0;       // frames of interfaces past the bound
};

/// Few networks, each as small as can be, of which the smallest that holds an address tells the way
/// there. The gateways' own addresses are those that `facts` has for them.
[[nodiscard]] std::vector<RouteRow> infer_routes(const InterfaceFacts& facts,
                                                 std::span<const Network> local);

}  // namespace tapdeck
