#include "dissectors/network.h"

#include "dissectors/registry.h"

namespace tapdeck {

AddressPair addresses_of(const Dissection& dissection, const Layer& layer) {
  const Region region = dissection.region_of(layer);
  if (layer.protocol == protocol_of<Ipv4>) {
    const Ipv4 header(region);
    return {header.source(), header.destination()};
  }
  const Ipv6 header(region);
  return {header.source(), header.destination()};
}

bool is_fragment(const Dissection& dissection, const Layer& network) {
  if (network.protocol == protocol_of<Ipv4>) {
    return Ipv4(dissection.region_of(network)).is_fragment();
  }
  const Layer* const end = dissection.layers.data() + dissection.layer_count;
  for (const Layer* next = &network + 1; next != end; ++next) {
    if (role_of(next->protocol) != Role::extension) return false;
    if (next->protocol != protocol_of<FragmentHeader>) continue;
    return FragmentHeader(dissection.region_of(*next)).is_fragment();
  }
  return false;
}

const Layer* network_above(const Dissection& dissection, const Layer& transport) {
  const Layer* const first = dissection.layers.data();
  for (const Layer* layer = &transport; layer != first;) {
    if (role_of((--layer)->protocol) == Role::network) return layer;
  }
  return nullptr;
}

}  // namespace tapdeck
