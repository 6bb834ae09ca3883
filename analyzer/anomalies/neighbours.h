// Which hardware address each address of a link is said to have, as ARP tells it: who moved, and
// who claims what another has.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/anomalies/anomaly.h"
#include "analyzer/anomalies/bounded_map.h"
#include "dissectors/address.h"
#include "dissectors/dissection.h"

namespace tapdeck {

class Neighbours {
 public:
  /// Any packet; those without ARP are passed over.
  void add(const Dissection& dissection, Moment moment);

  [[nodiscard]] std::vector<Anomaly> judge() const;
  [[nodiscard]] std::uint64_t details_dropped() const { return x_hosts.dropped(); }

 private:
  struct Host {
    MacAddress now, before;
    bool known = false, moved = false;
    Moment seen, first_move, last_move;
    std::uint64_t moves = 0;
    std::uint64_t returns = 0;  // to the address before, soon after
    void merge(const Host&) {}  // one reader sees all of ARP
  };

  HostTable<Host, 4096> x_hosts;
};

}  // namespace tapdeck
