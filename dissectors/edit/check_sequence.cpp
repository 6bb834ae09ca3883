#include "dissectors/edit/check_sequence.h"

#include <algorithm>

#include "dissectors/registry.h"
#include "dissectors/trailer.h"

namespace tapdeck {
namespace {

constexpr std::size_t check_octets = 4;

/// Octets from the frame's start to the end of what its outermost IP header declares; 0 without
/// one.
std::size_t packet_end(const Dissection& dissection) {
  const auto layers = dissection.all_layers();
  const auto network = std::ranges::find_if(
      layers, [](const Layer& layer) { return role_of(layer.protocol) == Role::network; });
  if (network == layers.end()) return 0;
  const Region region = dissection.region_of(*network);
  return network->offset + (network->protocol == protocol_of<Ipv4>
                                ? Ipv4(region).datagram_length()
                                : Ipv6::header_octets + Ipv6(region).payload_length());
}

}  // namespace

bool has_right_check_sequence(const Packet& packet, const Dissection& dissection) {
  const Bytes frame = packet.bytes;
  const bool may_have_one = packet.link_type == LinkType::ethernet &&
                            packet.wire_length == frame.size() && frame.size() > check_octets;
  if (!may_have_one) return false;
  const std::size_t end = packet_end(dissection);
  const bool has_trailer = end != 0 && end + check_octets <= frame.size();
  if (packet.fcs_length != check_octets && !has_trailer) return false;
  const std::size_t at = frame.size() - check_octets;
  return read_little_endian<std::uint32_t>(frame, at) == frame_check_sequence(frame.first(at));
}

void renew_check_sequence(std::span<std::byte> frame) {
  const std::size_t at = frame.size() - check_octets;
  const std::uint32_t sequence = frame_check_sequence(Bytes(frame).first(at));
  for (std::size_t i = 0; i < check_octets; ++i) {
    frame[at + i] = static_cast<std::byte>(sequence >> 8 * i);
  }
}

}  // namespace tapdeck
