#include "tools/replay/rewriting/fragment_memory.h"

#include "dissectors/network.h"
#include "dissectors/registry.h"

namespace tapdeck {

std::optional<FragmentPlaceInFrame> fragment_of(const Dissection& dissection,
                                                const Layer& network) {
  if (!is_fragment(dissection, network)) return std::nullopt;
  const AddressPair addresses = addresses_of(dissection, network);
  FragmentPlaceInFrame result;
  result.key.source = addresses.source;
  result.key.destination = addresses.destination;
  if (network.protocol == protocol_of<Ipv4>) {
    const Ipv4 header(dissection.region_of(network));
    result.key.identification = header.identification();
    result.key.protocol = header.protocol();
    result.offset = header.fragment_offset();
    result.payload_at = network.offset + network.header_length;
    return result;
  }
  const Layer* next = &network;
  while (next->protocol != protocol_of<FragmentHeader>) ++next;
  const FragmentHeader header(dissection.region_of(*next));
  result.key.identification = header.identification();
  result.offset = header.fragment_offset();
  result.payload_at = next->offset + next->header_length;
  return result;
}

}  // namespace tapdeck
