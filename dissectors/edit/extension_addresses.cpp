#include "dissectors/edit/extension_addresses.h"

#include "dissectors/ipv6_options.h"
#include "dissectors/routing_header.h"

namespace tapdeck {
namespace {

using Kind = AddressPlace::Kind;

constexpr std::size_t address_octets = 16;

}  // namespace

void add_routing_addresses(AddressCollector& collector) {
  constexpr std::size_t fixed_octets = 8, until_type_specific = 4;
  const Bytes header = collector.header();
  if (header.size() < fixed_octets) return collector.end_at(until_type_specific);
  std::size_t end = collector.header_octets();
  switch (read_octet(header, 2)) {
    case RoutingType::source_route:
    case RoutingType::mobility:
      break;
    case RoutingType::segment_routing:
      end = std::min(end, fixed_octets + (read_octet(header, 4) + std::size_t{1}) * address_octets);
      break;
    case RoutingType::compact_16:
    case RoutingType::compact_32:
      return;
    default:
      return collector.end_at(until_type_specific);
  }
  for (std::size_t at = fixed_octets; at + address_octets <= end; at += address_octets) {
    collector.add(Kind::ipv6, at);
  }
}

void add_ipv6_option_addresses(AddressCollector& collector) {
  constexpr std::size_t options_at = 2, option_header_octets = 2;
  std::size_t end = options_at;
  const auto visit = [&](std::uint8_t type, std::size_t at, Bytes data) {
    const std::size_t begin = options_at + at;
    end = begin + option_header_octets + data.size();
    if (type != Ipv6OptionType::home_address) return;
    if (data.size() != address_octets) return collector.end_at(begin);
    collector.add(Kind::ipv6, begin + option_header_octets);
  };
  if (!for_each_ipv6_option(collector.header().subspan(options_at), visit)) collector.end_at(end);
}

}  // namespace tapdeck
