#include "dissectors/edit/ip_option_addresses.h"

#include "dissectors/ipv4.h"
#include "dissectors/ipv4_options.h"

namespace tapdeck {
namespace {

using Kind = AddressPlace::Kind;
using Type = Ipv4OptionType;

/// Requires: the header holds the option. False if nobody can tell what it holds.
bool add_option(AddressCollector& collector, std::size_t at, std::size_t length) {
  const auto add_every = [&](std::size_t step, std::size_t first) {
    for (std::size_t one = first; one + 4 <= length; one += step) {
      collector.add(Kind::ipv4, at + one);
    }
    return true;
  };
  switch (read_octet(collector.header(), at)) {
    case Type::record_route:
    case Type::loose_source_route:
    case Type::strict_source_route:
      return add_every(4, 3);
    case Type::timestamp: {
      const bool has_addresses =
          length >= 4 && (read_octet(collector.header(), at + 3) & 0x0fU) != 0;
      return !has_addresses || add_every(8, 4);
    }
    case Type::traceroute:
      return add_every(length, 8);
    case Type::mtu_probe:
    case Type::mtu_reply:
    case Type::quick_start:
    case Type::security:
    case Type::extended_security:
    case Type::commercial_security:
    case Type::stream_id:
    case Type::router_alert:
      return true;
    default:
      return false;
  }
}

}  // namespace

void add_ipv4_option_addresses(AddressCollector& collector) {
  const Bytes header = collector.header();
  std::size_t at = Ipv4::shortest_header;
  while (at < header.size()) {
    const std::uint8_t type = read_octet(header, at);
    if (type == Type::end) return;
    if (type == Type::no_operation) {
      ++at;
      continue;
    }
    const std::size_t length = at + 1 < header.size() ? read_octet(header, at + 1) : 0;
    const bool fits = length >= 2 && length <= header.size() - at;
    if (!fits || !add_option(collector, at, length)) return collector.end_at(at);
    at += length;
  }
}

}  // namespace tapdeck
