// From a dissection to the value that the tracker takes.
#pragma once

#include "analyzer/flow/datagram.h"
#include "analyzer/flow/number_stacks.h"
#include "analyzer/flow/opening_order.h"
#include "captures/packet.h"
#include "dissectors/checksum.h"
#include "dissectors/dissection.h"
#include "dissectors/tunnels.h"

namespace tapdeck {

using TunnelStacks = NumberedStacks<TunnelId>;

class DatagramReader {
 public:
  /// With `vlans_in_key` equal sockets in different VLANs are different conversations; without,
  /// the directions of one conversation may be tagged differently.
  explicit DatagramReader(bool vlans_in_key) : x_vlans_in_key(vlans_in_key) {}

  /// False: the packet belongs to no conversation (ARP, a fragment that waits, an unknown header).
  [[nodiscard]] bool read(const Packet& packet, const Dissection& dissection,
                          ChecksumStatus checksum, Datagram& result);

  /// Stacks of tunnels and VLANs past the bound on different ones.
  [[nodiscard]] std::uint64_t details_dropped() const {
    return x_tunnels.dropped() + x_vlans.dropped();
  }
  [[nodiscard]] const TunnelStacks& tunnels() const { return x_tunnels; }

 private:
  void read_tunnels(const Dissection& dissection, Datagram& result);
  void read_vlans(const Dissection& dissection, Datagram& result);

  void read_opening(const Dissection& dissection, Datagram& result);

  bool x_vlans_in_key;
  bool x_several_interfaces = false;
  std::int16_t x_first_interface = -1;
  OpeningOrder x_openings;
  TunnelStacks x_tunnels;
  NumberedStacks<std::uint16_t> x_vlans;
  TunnelStacks::Stack x_tunnel_scratch;
  std::vector<std::uint16_t> x_vlan_scratch;
};

}  // namespace tapdeck
