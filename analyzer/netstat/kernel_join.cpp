#include "analyzer/netstat/kernel_join.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "analyzer/netstat/wire_sockets.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

using Ends = std::tuple<std::uint8_t, IpAddress, std::uint16_t, IpAddress, std::uint16_t>;
using Port = std::tuple<std::uint8_t, IpAddress, std::uint16_t>;

Ends ends_of(std::uint8_t protocol, const Socket& local, const Socket& foreign) {
  return {protocol, local.address, local.port.value_or(0), foreign.address,
          foreign.port.value_or(0)};
}

bool waits(const KernelSocket& socket) { return !socket.foreign.port; }

IpAddress any_of_version(std::uint8_t version) {
  IpAddress address;
  address.version = version;
  return address;
}

SocketRow row_of(const KernelSocket& socket) {
  SocketRow row{.ip_protocol = socket.ip_protocol,
                .ip_version = socket.ip_version,
                .local = socket.local,
                .foreign = socket.foreign,
                .waits = waits(socket)};
  row.kernel = socket;
  return row;
}

/// The kernel's sockets, to be found as the wire names them.
class KernelTable {
 public:
  explicit KernelTable(const std::vector<KernelSocket>& sockets) : x_sockets(sockets) {
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      const KernelSocket& socket = sockets[i];
      if (waits(socket)) {
        x_waiting.try_emplace(
            {socket.ip_protocol, socket.local.address, socket.local.port.value_or(0)}, i);
      } else {
        x_connected.try_emplace(ends_of(socket.ip_protocol, socket.local, socket.foreign), i);
      }
    }
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  [[nodiscard]] std::size_t connected(const SocketRow& row) const {
    return look_up(x_connected, ends_of(row.ip_protocol, row.local, row.foreign));
  }

  /// On this address, or on any; a socket of version 6 on any takes calls of version 4 too.
  [[nodiscard]] std::size_t waiting(std::uint8_t protocol, const Socket& local) const {
    for (const IpAddress& address :
         {local.address, any_of_version(local.address.version), any_of_version(6)}) {
      const std::size_t found = look_up(x_waiting, {protocol, address, local.port.value_or(0)});
      if (found != none) return found;
    }
    return none;
  }

  [[nodiscard]] const KernelSocket& operator[](std::size_t index) const { return x_sockets[index]; }

 private:
  template <class Map>
  static std::size_t look_up(const Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    return found == map.end() ? none : found->second;
  }

  const std::vector<KernelSocket>& x_sockets;
  std::map<Ends, std::size_t> x_connected;
  std::map<Port, std::size_t> x_waiting;
};

/// Both would show a connection of TCP, but for a port that only once answered.
bool differs(const SocketRow& row) {
  if (row.ip_protocol != IpProtocol::tcp || !row.wire) return false;
  return !row.kernel || row.kernel->state != row.wire->state;
}

void join_connection(SocketRow& row, const KernelTable& kernel, std::vector<bool>& taken) {
  std::size_t found = kernel.connected(row);
  if (found != KernelTable::none) {
    taken[found] = true;
    row.ip_version = kernel[found].ip_version;
    row.kernel = kernel[found];
  } else if (row.ip_protocol == IpProtocol::udp) {
    // Of UDP a socket without a peer may talk to many: it goes on having a row of its own.
    found = kernel.waiting(row.ip_protocol, row.local);
    if (found != KernelTable::none) row.kernel = kernel[found];
  }
  row.differs = differs(row);
}

}  // namespace

void join_kernel(ConnectionTable& table, const std::vector<KernelSocket>& sockets) {
  const KernelTable kernel(sockets);
  std::vector<bool> taken(sockets.size());
  std::map<std::size_t, WireSocket> waiting;  // what the wire showed of sockets that wait
  std::vector<SocketRow> rows;
  for (SocketRow& row : table.rows) {
    const std::size_t port =
        row.waits ? kernel.waiting(row.ip_protocol, row.local) : KernelTable::none;
    if (port != KernelTable::none) {
      waiting.try_emplace(port, *row.wire);
      continue;
    }
    join_connection(row, kernel, taken);
    rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    if (taken[i]) continue;
    SocketRow row = row_of(sockets[i]);
    if (const auto seen = waiting.find(i); seen != waiting.end()) row.wire = seen->second;
    rows.push_back(std::move(row));
  }
  table.rows = std::move(rows);
  table.by_kernel = true;
  sort_rows(table.rows);
}

}  // namespace tapdeck
