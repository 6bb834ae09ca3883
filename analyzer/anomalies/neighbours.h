// Which hardware address each address of a link has, as ARP tells it and as packets of IP show it
// that no router has touched: who moved, and who claims what another has.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "analyzer/anomalies/anomaly.h"
#include "analyzer/anomalies/bounded_map.h"
#include "dissectors/address.h"
#include "dissectors/dissection.h"

namespace tapdeck {

class Neighbours {
 public:
  /// Any packet; those without ARP or IP are passed over.
  void add(const Dissection& dissection, Moment moment);

  [[nodiscard]] std::vector<Anomaly> judge() const;
  [[nodiscard]] std::uint64_t details_dropped() const {
    return x_hosts.dropped() + x_senders.dropped();
  }

 private:
  struct Host {
    MacAddress now, before;
    bool known = false, moved = false;
    Moment seen, first_move, last_move;
    std::uint64_t moves = 0;
    std::uint64_t returns = 0;  // to the address before, soon after
    void merge(const Host&) {}  // one reader sees all of ARP
  };

  void add_claim(const Dissection& dissection, Moment moment);
  void add_sender(const Dissection& dissection, Moment moment);
  void note_sender(const Dissection& dissection, Moment moment);
  static void note(Host& host, const MacAddress& hardware, Moment moment);
  static void judge(const IpAddress& address, const Host& host, bool claimed,
                    std::vector<Anomaly>& found);

  HostTable<Host, 4096> x_hosts, x_senders;  // by ARP, by IP
  /// Who has sent from where, by a hash of both: most packets show nothing new. Where two share a
  /// bit the second is overlooked.
  std::bitset<65'536> x_seen;
};

}  // namespace tapdeck
