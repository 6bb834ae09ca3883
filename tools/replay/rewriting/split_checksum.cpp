#include "tools/replay/rewriting/split_checksum.h"

#include "dissectors/checksum.h"
#include "dissectors/edit/incremental_checksum.h"
#include "dissectors/ip_protocol.h"
#include "dissectors/registry.h"
#include "tools/replay/rewriting/packet_flow.h"

namespace tapdeck {
namespace {

constexpr std::size_t checksum_at = 16;  // in the TCP header
constexpr std::size_t port_octets = 4;

std::uint16_t sum_of_ends(Bytes frame, const Layer& network, const Layer& transport) {
  const std::size_t octets = network.protocol == protocol_of<Ipv4> ? 8 : 32;
  return internet_sum(frame.subspan(transport.offset, port_octets),
                      internet_sum(frame.subspan(addresses_at(network), octets)));
}

}  // namespace

void SplitChecksum::apply(const Packet& packet, FrameEdit& edit) {
  const Dissection& dissection = edit.dissection();
  const bool may_be_split = dissection.is_fragment && dissection.network != Dissection::no_layer &&
                            dissection.ip_protocol == IpProtocol::tcp;
  if (!may_be_split) return;
  const Layer& network = dissection.layers[dissection.network];
  const auto fragment = fragment_of(dissection, network);
  if (!fragment) return;
  if (fragment->is_first()) {
    if (dissection.transport == Dissection::no_layer) return;
    const Layer& transport = dissection.layers[dissection.transport];
    if (transport.declared > checksum_at) return;
    x_changes.remember(fragment->key,
                       {.before = sum_of_ends(packet.bytes, network, transport),
                        .after = sum_of_ends(edit.frame(), network, transport)},
                       packet.time_ns);
    return;
  }
  const std::size_t octets = dissection.payload.bytes.size();
  const bool holds_it = fragment->offset <= checksum_at &&
                        fragment->offset + octets >= checksum_at + sizeof(std::uint16_t);
  if (!holds_it) return;
  const auto change = x_changes.find(fragment->key, packet.time_ns);
  if (!change) return;
  const std::size_t at = fragment->payload_at + (checksum_at - fragment->offset);
  const auto checksum = read_big_endian<std::uint16_t>(edit.frame(), at);
  edit.write(at, updated_checksum(checksum, change->before, change->after));
}

}  // namespace tapdeck
