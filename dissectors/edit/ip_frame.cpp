#include "dissectors/edit/ip_frame.h"

#include "dissectors/checksum.h"
#include "dissectors/edit/write_octets.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// The first layer, or that behind MAC addresses and tags; no_layer if it isn't IP.
std::uint8_t network_layer_of(const Dissection& dissection) {
  std::uint8_t index = 0;
  for (const Layer& layer : dissection.all_layers()) {
    if (role_of(layer.protocol) == Role::network) return index;
    const bool copied = layer.protocol == (index == 0 ? protocol_of<Ethernet> : protocol_of<Vlan>);
    if (!copied) return Dissection::no_layer;
    ++index;
  }
  return Dissection::no_layer;
}

}  // namespace

std::optional<IpFrame> ip_frame_of(const Dissection& dissection) {
  const std::uint8_t index = network_layer_of(dissection);
  if (index == Dissection::no_layer) return std::nullopt;
  const Layer& layer = dissection.layers[index];
  const Region region = dissection.region_of(layer);
  IpFrame frame{.network_layer = index, .network = layer.offset};
  std::size_t length = 0;
  if (layer.protocol == protocol_of<Ipv4>) {
    const Ipv4 header(region);
    length = header.datagram_length();
  } else {
    frame.version = 6;
    const auto extension_at = static_cast<std::uint8_t>(index + 1);
    // The payload's length as the walk found it: zero stands for one that 16 bits can't count.
    length = region.length;
    if (Ipv6(region).payload_length() != 0) {
      length = Ipv6::header_octets + Ipv6(region).payload_length();
    } else if (extension_at < dissection.layer_count) {
      length = Ipv6::header_octets + dissection.layers[extension_at].declared;
    }
  }
  frame.network_end = frame.network + layer.header_length;
  frame.end = frame.network + length;
  if (frame.end > dissection.frame.size() || frame.network_end > frame.end) return std::nullopt;
  return frame;
}

void write_ip_lengths(std::span<std::byte> frame, const IpFrame& ip) {
  const auto packet = frame.subspan(ip.network);
  if (ip.version == 6) {
    write_big_endian(packet, 4, static_cast<std::uint16_t>(packet.size() - Ipv6::header_octets));
    return;
  }
  write_big_endian(packet, 2, static_cast<std::uint16_t>(packet.size()));
  write_big_endian(packet, 10, std::uint16_t{0});
  const auto header = packet.first(ip.network_end - ip.network);
  write_big_endian(packet, 10, static_cast<std::uint16_t>(~internet_sum(header)));
}

}  // namespace tapdeck
