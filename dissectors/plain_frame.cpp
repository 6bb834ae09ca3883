#include "dissectors/plain_frame.h"

#include <optional>

#include "dissectors/ip_protocol.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

struct Network {
  ProtocolId protocol = 0;
  std::uint32_t header_length = 0;
  std::uint32_t payload_octets = 0;  // declared
};

/// Requires: it holds the shorter of both headers.
std::optional<Network> read_network(Bytes frame) {
  const Bytes header = frame.subspan(Ethernet::header_octets);
  const auto ether_type = read_big_endian<std::uint16_t>(frame, 12);
  if (ether_type == 0x0800) {
    constexpr std::uint8_t version_and_shortest = 0x45;
    const Ipv4 ipv4({header, header.size()});
    if (read_octet(header, 0) != version_and_shortest || ipv4.is_fragment() ||
        ipv4.protocol() != IpProtocol::tcp || ipv4.total_length() < Ipv4::shortest_header) {
      return std::nullopt;
    }
    return Network{.protocol = protocol_of<Ipv4>,
                   .header_length = Ipv4::shortest_header,
                   .payload_octets = ipv4.total_length() - std::uint32_t{Ipv4::shortest_header}};
  }
  if (ether_type != 0x86dd || header.size() < Ipv6::header_octets) return std::nullopt;
  const Ipv6 ipv6({header, header.size()});
  if (ipv6.version() != 6 || ipv6.next_header() != IpProtocol::tcp) return std::nullopt;
  return Network{.protocol = protocol_of<Ipv6>,
                 .header_length = Ipv6::header_octets,
                 .payload_octets = ipv6.payload_length()};
}

}  // namespace

bool dissect_plain(const Packet& packet, Dissection& result) {
  constexpr std::size_t least = PlainFrame::tcp_over_ipv4 + Tcp::shortest_header;
  const Bytes frame = packet.bytes;
  if (packet.link_type != LinkType::ethernet || frame.size() < least ||
      packet.wire_length < frame.size() || packet.fcs_length != 0) {
    return false;
  }
  const std::optional<Network> network = read_network(frame);
  if (!network) return false;
  const std::uint32_t offset = Ethernet::header_octets + network->header_length;
  const auto octets = static_cast<std::uint32_t>(frame.size());
  const std::uint32_t captured = std::min(octets - offset, network->payload_octets);
  if (network->payload_octets > packet.wire_length - offset || captured < Tcp::shortest_header) {
    return false;
  }
  const Region segment{frame.subspan(offset, captured), network->payload_octets};
  const std::uint32_t tcp_length = Tcp(segment).header_length();
  if (tcp_length < Tcp::shortest_header || tcp_length > captured) return false;
  result.reset(packet);
  result.is_plain = true;
  result.layer_count = 3;
  result.network = 1;
  result.transport = 2;
  result.network_layers = 1;
  result.ip_protocol = IpProtocol::tcp;
  result.layers[0] = {.protocol = protocol_of<Ethernet>,
                      .header_length = Ethernet::header_octets,
                      .captured = octets,
                      .declared = packet.wire_length};
  result.layers[1] = {.protocol = network->protocol,
                      .offset = Ethernet::header_octets,
                      .header_length = network->header_length,
                      .captured = octets - std::uint32_t{Ethernet::header_octets},
                      .declared = packet.wire_length - std::uint32_t{Ethernet::header_octets}};
  result.layers[2] = {.protocol = protocol_of<Tcp>,
                      .offset = offset,
                      .header_length = tcp_length,
                      .captured = captured,
                      .declared = network->payload_octets};
  result.payload = segment.after(tcp_length);
  return true;
}

}  // namespace tapdeck
