#include "dissectors/pseudo_header.h"

#include <span>

#include "dissectors/checksum.h"
#include "dissectors/ipv4_options.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

Bytes octets_of(const IpAddress& address) {
  return std::as_bytes(std::span(address.octets)).first(address.version == 4 ? 4 : 16);
}

void read_ipv4(const Dissection& dissection, const Layer& layer, PseudoHeader& result) {
  const Ipv4 header(dissection.region_of(layer));
  result.addresses = {header.source(), header.destination()};
  result.clipped = header.total_length() > layer.declared;
  if (layer.header_length == Ipv4::shortest_header) return;
  const Bytes options = dissection.header_of(layer).bytes.subspan(Ipv4::shortest_header);
  if (const auto end = end_of_source_route(options)) result.addresses.destination = *end;
}

void read_ipv6(const Dissection& dissection, const Layer& layer, PseudoHeader& result) {
  const Ipv6 header(dissection.region_of(layer));
  result.addresses = {header.source(), header.destination()};
  result.clipped = Ipv6::header_octets + header.payload_length() > layer.declared;
}

/// Extension headers that lie between network and transport header.
void read_extension(const Dissection& dissection, const Layer& layer, PseudoHeader& result) {
  const Bytes bytes = dissection.header_of(layer).bytes;
  if (layer.protocol == protocol_of<RoutingHeader>) {
    const auto end = RoutingHeader(bytes).final_destination(result.addresses.destination);
    if (end) result.addresses.destination = *end;
  } else if (layer.protocol == protocol_of<DestinationOptions>) {
    if (const auto home = DestinationOptions(bytes).home_address()) result.addresses.source = *home;
  }
}

}  // namespace

std::uint16_t PseudoHeader::sum(std::uint8_t protocol, std::size_t length) const {
  const auto octets = static_cast<std::uint32_t>(length);
  const std::uint32_t numbers = protocol + (octets >> 16U) + (octets & 0xffffU);
  const auto folded = static_cast<std::uint16_t>((numbers & 0xffffU) + (numbers >> 16U));
  return internet_sum(octets_of(addresses.destination),
                      internet_sum(octets_of(addresses.source), folded));
}

PseudoHeader pseudo_header_of(const Dissection& dissection, const Layer& transport) {
  PseudoHeader result;
  const Layer* const first = dissection.layers.data();
  const Layer* network = &transport;
  while (network != first && role_of(network->protocol) != Role::network) --network;
  if (network->protocol == protocol_of<Ipv4>) {
    read_ipv4(dissection, *network, result);
  } else if (network->protocol == protocol_of<Ipv6>) {
    read_ipv6(dissection, *network, result);
  }
  for (const Layer* layer = network + 1; layer < &transport; ++layer) {
    read_extension(dissection, *layer, result);
  }
  return result;
}

}  // namespace tapdeck
