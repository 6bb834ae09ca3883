// Which part of a connection table is to be shown, and how: what the letters of netstat ask for.
#pragma once

#include <cstdint>

#include "analyzer/netstat/connection_table.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {

/// Who holds a socket, in which words.
enum class OwnerColumn : std::uint8_t { none, id, program, id_and_program };

struct NetstatView {
  bool sockets = true;
  bool statistics = false;
  bool interfaces = false;
  bool routes = false;

  bool connected = true;                                // sockets with a peer
  bool waiting = false;                                 // those without
  bool tcp = true, udp = true, icmp = true, ip = true;  // the latter two have statistics alone
  bool version_4 = true, version_6 = true;

  OwnerColumn owner{};
  bool names = false;    // of foreign hosts, where one is known
  bool details = false;  // the other end's state, the round trip, when it began

  [[nodiscard]] bool wants(const SocketRow& row) const {
    const bool protocol = row.ip_protocol == IpProtocol::tcp ? tcp : udp;
    const bool version = row.ip_version == 4 ? version_4 : version_6;
    return protocol && version && (row.waits ? waiting : connected);
  }
  [[nodiscard]] bool wants(const HostCounterWords& counter) const;
  [[nodiscard]] bool wants(const RouteRow& route) const {
    return route.destination.address.version == 4 ? version_4 : version_6;
  }
};

}  // namespace tapdeck
