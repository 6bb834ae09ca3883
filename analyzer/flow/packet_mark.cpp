#include "analyzer/flow/packet_mark.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "dissectors/plain_frame.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// TCP's header without options; of UDP the header and twelve octets of data.
constexpr std::size_t octets_compared = 20;

struct Words {
  std::uint64_t first = 0, second = 0;
  std::uint32_t third = 0;
};

Words read_words(Bytes bytes) {
  std::array<std::byte, octets_compared> padded{};
  const std::byte* octets = bytes.data();
  if (bytes.size() < octets_compared) {
    std::ranges::copy(bytes, padded.begin());
    octets = padded.data();
  }
  Words words;
  std::memcpy(&words.first, octets, sizeof words.first);
  std::memcpy(&words.second, octets + 8, sizeof words.second);
  std::memcpy(&words.third, octets + 16, sizeof words.third);
  return words;
}

/// The transport header and what follows it; of other packets the network layer's payload.
Bytes behind_network(const Dissection& dissection, Region network) {
  if (dissection.is_plain) return PlainFrame(dissection).tcp_bytes();
  if (dissection.transport != Dissection::no_layer) {
    return dissection.region_of(dissection.layers[dissection.transport]).bytes;
  }
  return network.after(dissection.layers[dissection.network].header_length).bytes;
}

constexpr std::uint64_t mix(std::uint64_t mixed, std::uint64_t word) {
  constexpr std::uint64_t odd_constant = 0x9e3779b97f4a7c15;  // 2^64 / the golden ratio
  mixed = (mixed ^ word) * odd_constant;
  return mixed ^ mixed >> 29U;
}

}  // namespace

PacketMark read_mark(const Packet& packet, const Dissection& dissection) {
  const Layer& network = dissection.layers[dissection.network];
  const bool v4 = network.protocol == protocol_of<Ipv4>;
  const Region region = dissection.region_of(network);
  PacketMark mark;
  std::uint64_t header = network.declared;
  if (v4) {
    const Ipv4 view(region);
    header |= std::uint64_t{view.identification()} << 32U;
    mark.hop_limit = view.time_to_live();
    mark.has_ip_id = view.identification() != 0;
  } else {
    mark.hop_limit = Ipv6(region).hop_limit();
  }
  // The source: both directions of a flow are compared with each other.
  header ^= std::uint64_t{read_octet(region.bytes, v4 ? 15 : 23)} << 56U;
  const Words words = read_words(behind_network(dissection, region));
  const std::uint64_t mixed = mix(mix(mix(header, words.first), words.second), words.third);
  mark.fingerprint = static_cast<std::uint32_t>(mixed >> 32U) | 1U;
  mark.interface = static_cast<std::uint8_t>(packet.capture * 31U + packet.interface);
  return mark;
}

}  // namespace tapdeck
