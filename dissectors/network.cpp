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

}  // namespace tapdeck
