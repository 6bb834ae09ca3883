// What netstat prints, as plain data: the sockets of one or several hosts at a moment, by what the
// wire showed until then, by what the kernel says, or by both; and what goes with them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/flow/socket.h"
#include "analyzer/netstat/host_counters.h"
#include "analyzer/netstat/network.h"
#include "analyzer/tcp/state.h"
#include "dissectors/address.h"

namespace tapdeck {

/// What the wire showed of a socket until the moment.
struct WireSocket {
  std::optional<TcpState> state = {};          // of the local end; empty but for TCP
  std::optional<TcpState> foreign_state = {};  // of the other end; empty for a listener
  /// Sequence space that was sent and not acknowledged: what a Send-Q holds at least. What waits to
  /// be sent, and what waits to be read, no packet shows.
  std::optional<std::uint64_t> unacknowledged = {};
  std::uint64_t connection = 0;  // its id; 0 for a listener
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::optional<std::int64_t> round_trip_ns = {};  // between both ends
};

struct Process {
  std::int32_t id = 0;
  std::string program;  // bytes as the kernel has them

  friend bool operator==(const Process&, const Process&) = default;
};

enum class SocketTimer : std::uint8_t { off, retransmission, keep_alive, time_wait, window_probe };

/// A socket as the kernel knows it. A port that is empty, or an address of only zeros, is any.
struct KernelSocket {
  std::uint8_t ip_protocol = 0;
  std::uint8_t ip_version = 4;  // of the socket; one of 6 may carry addresses of 4
  Socket local, foreign;
  std::optional<TcpState> state = {};  // empty for UDP that isn't connected
  std::uint32_t receive_queue = 0;
  std::uint32_t send_queue = 0;
  std::uint32_t user = 0;
  std::uint64_t inode = 0;
  SocketTimer timer{};
  std::int64_t timer_ns = 0;            // until it ends
  std::uint32_t retransmissions = 0;    // so far, of what is unacknowledged
  std::vector<Process> processes = {};  // that hold it, as far as they may be looked at
};

/// One end of a connection or flow, or a socket that waits for them.
struct SocketRow {
  std::uint8_t ip_protocol = 0;
  std::uint8_t ip_version = 4;
  Socket local, foreign;          // as in KernelSocket
  bool waits = false;             // for whoever calls: listening, or bound without a peer
  std::string foreign_name = {};  // from DNS answers, as DnsAddress::name
  std::optional<WireSocket> wire = {};
  std::optional<KernelSocket> kernel = {};
  bool differs = false;  // what the wire showed isn't what the kernel says
};

/// Frames and octets of one direction of an interface.
struct InterfaceTraffic {
  std::uint64_t octets = 0;
  std::uint64_t unicast = 0;      // frames
  std::uint64_t non_unicast = 0;  // to groups or to all
  std::uint64_t errors = 0;       // malformed, or with a wrong checksum
  std::uint64_t unknown = 0;      // of protocols that no dissector knows
};

struct InterfaceRow {
  std::string name;  // bytes as found; empty where the capture doesn't say
  InterfaceTraffic received, sent;
  std::optional<std::uint64_t> discarded =
      {};  // by the capture or the interface, where either says
};

/// Where packets to a network were sent first, as their link-layer addresses show.
struct RouteRow {
  Network destination;
  std::optional<IpAddress> gateway = {};  // where the answers of ARP or ND name it
  bool through_gateway = false;
  std::optional<MacAddress> next_hop = {};  // empty: each host its own
  std::uint64_t frames = 0;
  std::string interface = {};
};

struct ConnectionTable {
  std::int64_t time_ns = 0;
  std::uint64_t frame = 0;  // the last one that counts; 0: none
  std::uint8_t time_digits = 9;
  bool by_wire = false, by_kernel = false;  // whom was asked
  std::vector<Network> local;               // whose table it is; empty: the kernel's own
  std::vector<SocketRow> rows;
  HostCounters counters{};  // of the local hosts
  std::vector<InterfaceRow> interfaces;
  std::vector<RouteRow> routes;
  std::uint64_t left_out = 0;  // rows, hosts, names and the like past the bounds
};

}  // namespace tapdeck
