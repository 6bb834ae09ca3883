#include "dissectors/edit/group_addresses.h"

#include "dissectors/icmpv6.h"
#include "dissectors/igmp.h"

namespace tapdeck {
namespace {

using Kind = AddressPlace::Kind;

constexpr std::size_t octets_of(Kind kind) { return kind == Kind::ipv4 ? 4 : 16; }

/// As many as are counted in two octets and there.
void add_sources(AddressCollector& collector, Kind kind, std::size_t count_at, std::size_t at) {
  if (!collector.region().holds(count_at + 2)) return collector.end_at(count_at);
  const std::size_t octets = collector.region().bytes.size();
  const auto count = read_big_endian<std::uint16_t>(collector.region().bytes, count_at);
  for (std::size_t index = 0; index < count && at < octets; ++index, at += octets_of(kind)) {
    collector.add(kind, at);
  }
}

/// RFC 3376 §4.2, RFC 3810 §5.2.
void add_group_records(AddressCollector& collector, Kind kind) {
  constexpr std::size_t count_at = 6, record_octets = 4;
  const Bytes message = collector.region().bytes;
  const auto count = read_big_endian<std::uint16_t>(message, count_at);
  std::size_t at = 8;
  for (std::size_t index = 0; index < count && collector.region().holds(at + record_octets);
       ++index) {
    const std::size_t auxiliary = read_octet(message, at + 1) * std::size_t{4};
    const std::size_t sources = read_big_endian<std::uint16_t>(message, at + 2);
    collector.add(kind, at + record_octets);
    add_sources(collector, kind, at + 2, at + record_octets + octets_of(kind));
    at += record_octets + octets_of(kind) * (1 + sources) + auxiliary;
  }
}

}  // namespace

void add_igmp_addresses(AddressCollector& collector) {
  constexpr std::size_t group_at = 4, count_at = 10, sources_at = 12;
  const Igmp message(collector.region());
  if (message.version() == 0) return collector.end_at(group_at);
  if (message.type() == IgmpType::report_v3) return add_group_records(collector, Kind::ipv4);
  collector.add(Kind::ipv4, group_at);
  if (message.type() == IgmpType::query && message.version() == 3) {
    add_sources(collector, Kind::ipv4, count_at, sources_at);
  }
}

void add_listener_addresses(AddressCollector& collector) {
  constexpr std::size_t group_at = 8, v1_octets = 24, count_at = 26, sources_at = 28;
  const std::uint8_t type = Icmpv6(collector.region()).type();
  if (type == Icmpv6Type::listener_report_v2) return add_group_records(collector, Kind::ipv6);
  collector.add(Kind::ipv6, group_at);
  if (type == Icmpv6Type::listener_query && collector.region().length > v1_octets) {
    add_sources(collector, Kind::ipv6, count_at, sources_at);
  }
}

}  // namespace tapdeck
