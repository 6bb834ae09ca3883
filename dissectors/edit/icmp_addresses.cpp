#include "dissectors/edit/icmp_addresses.h"

#include "dissectors/edit/group_addresses.h"
#include "dissectors/icmp.h"
#include "dissectors/icmp_extensions.h"
#include "dissectors/icmpv6.h"

namespace tapdeck {
namespace {

using Kind = AddressPlace::Kind;

constexpr std::size_t until_message = 4;  // behind the checksum

/// RFC 4884: objects may follow, and name interfaces (RFC 5837).
void end_behind_quote(AddressCollector& collector, std::size_t quote_octets) {
  if (quote_octets != 0) return collector.end_at(IcmpMessage::header_octets + quote_octets);
  const std::size_t extensions = icmp_extensions_at(collector.region(), true, 0);
  if (extensions != 0) collector.end_at(extensions);
}

/// RFC 1256 §3: each router's address, and how much it is preferred.
void add_routers(AddressCollector& collector) {
  const Bytes message = collector.region().bytes;
  const std::size_t count = read_octet(message, 4);
  const std::size_t entry_octets = read_octet(message, 5) * std::size_t{4};
  if (entry_octets == 0) return collector.end_at(IcmpMessage::header_octets);
  for (std::size_t index = 0; index < count; ++index) {
    collector.add(Kind::ipv4, IcmpMessage::header_octets + index * entry_octets);
  }
}

/// RFC 4861 §4.6, RFC 8106 §5.1, RFC 4191 §2.3. False if nobody can tell what follows.
bool add_discovery_option(AddressCollector& collector, std::size_t at, std::size_t length) {
  constexpr std::uint8_t source = 1, target = 2, prefix = 3, mtu = 5, nonce = 14, route = 24,
                         name_servers = 25, search_list = 31;
  switch (read_octet(collector.region().bytes, at)) {
    case source:
    case target:
      if (length == 8) collector.add(Kind::mac, at + 2);
      return true;
    case prefix:
      if (length == 32) collector.add(Kind::ipv6, at + 16);
      return length == 32;
    case route:
      if (length == 24) collector.add(Kind::ipv6, at + 8);
      return length == 24 || length == 8;
    case name_servers:
      for (std::size_t one = 8; one + 16 <= length; one += 16) collector.add(Kind::ipv6, at + one);
      return true;
    case mtu:
    case nonce:
    case search_list:
      return true;
    default:
      return false;
  }
}

void add_discovery_options(AddressCollector& collector, std::size_t at) {
  while (collector.region().holds(at + 2)) {
    const std::size_t length = read_octet(collector.region().bytes, at + 1) * std::size_t{8};
    if (length == 0 || !add_discovery_option(collector, at, length)) return collector.end_at(at);
    at += length;
  }
}

}  // namespace

void add_icmp_addresses(AddressCollector& collector) {
  const Icmp message(collector.region());
  switch (message.type()) {
    case IcmpType::redirect:
      return collector.add(Kind::ipv4, until_message);
    case IcmpType::router_advertisement:
      return add_routers(collector);
    case IcmpType::traceroute:
    case IcmpType::router_solicitation:
      return;
    default:
      if (message.is_error()) return end_behind_quote(collector, message.quote_length());
      if (message.type() >= IcmpType::extended_echo || !message.has_identifier()) {
        collector.end_at(until_message);
      }
  }
}

void add_icmpv6_addresses(AddressCollector& collector) {
  const Icmpv6 message(collector.region());
  switch (message.type()) {
    case Icmpv6Type::router_solicitation:
      return add_discovery_options(collector, 8);
    case Icmpv6Type::router_advertisement:
      return add_discovery_options(collector, 16);
    case Icmpv6Type::neighbor_solicitation:
    case Icmpv6Type::neighbor_advertisement:
      collector.add(Kind::ipv6, 8);
      return add_discovery_options(collector, 24);
    case Icmpv6Type::redirect:
      collector.add(Kind::ipv6, 8);
      collector.add(Kind::ipv6, 24);
      return add_discovery_options(collector, 40);
    case Icmpv6Type::listener_query:
    case Icmpv6Type::listener_report:
    case Icmpv6Type::listener_done:
    case Icmpv6Type::listener_report_v2:
      return add_listener_addresses(collector);
    default:
      if (message.is_error()) return end_behind_quote(collector, message.quote_length());
      if (!message.is_echo()) collector.end_at(until_message);
  }
}

}  // namespace tapdeck
