// The shape of most frames, known at one look: Ethernet, IPv4 without options or IPv6 without
// extension headers, and TCP. Its fields lie at fixed places.
#pragma once

#include "dissectors/dissection.h"
#include "dissectors/ethernet.h"
#include "dissectors/ipv4.h"
#include "dissectors/ipv6.h"
#include "dissectors/tcp.h"

namespace tapdeck {

/// What the walk over its headers would say of the packet, if it has that shape. False: it has
/// another one, or something about it needs a closer look; `result` is as it was.
[[nodiscard]] bool dissect_plain(const Packet& packet, Dissection& result);

/// The headers of a dissection that is_plain.
class PlainFrame {
 public:
  explicit PlainFrame(const Dissection& dissection)
      : x_frame(dissection.frame), x_transport(dissection.layers[2]) {}

  [[nodiscard]] bool is_ipv4() const { return x_transport.offset == tcp_over_ipv4; }
  /// Of its version alone.
  [[nodiscard]] Ipv4 ipv4() const { return Ipv4(network()); }
  [[nodiscard]] Ipv6 ipv6() const { return Ipv6(network()); }
  [[nodiscard]] Tcp tcp() const { return Tcp({tcp_bytes(), x_transport.declared}); }

  [[nodiscard]] Bytes network_header() const {
    return x_frame.subspan(Ethernet::header_octets, x_transport.offset - Ethernet::header_octets);
  }
  /// Header and payload, as far as captured.
  [[nodiscard]] Bytes tcp_bytes() const {
    return x_frame.subspan(x_transport.offset, x_transport.captured);
  }
  [[nodiscard]] Bytes tcp_header() const {
    return x_frame.subspan(x_transport.offset, x_transport.header_length);
  }
  /// Of header and payload, as the IP header declares them.
  [[nodiscard]] std::uint32_t tcp_octets() const { return x_transport.declared; }
  [[nodiscard]] std::uint32_t payload_octets() const {
    return x_transport.declared - x_transport.header_length;
  }
  /// Both addresses, the source first, as they stand in the header.
  [[nodiscard]] Bytes addresses() const {
    return is_ipv4() ? x_frame.subspan(Ethernet::header_octets + 12, 8)
                     : x_frame.subspan(Ethernet::header_octets + 8, 32);
  }

  static constexpr std::uint32_t tcp_over_ipv4 = Ethernet::header_octets + Ipv4::shortest_header;
  static constexpr std::uint32_t tcp_over_ipv6 = Ethernet::header_octets + Ipv6::header_octets;

 private:
  [[nodiscard]] Region network() const {
    const Bytes header = network_header();
    return {header, header.size()};
  }

  Bytes x_frame;
  const Layer& x_transport;
};

}  // namespace tapdeck
