#include "dissectors/icmpv6.h"

#include "dissectors/checksum.h"
#include "dissectors/field_cursor.h"
#include "dissectors/group_membership.h"
#include "dissectors/icmp_extensions.h"
#include "dissectors/neighbor_discovery.h"

namespace tapdeck {
namespace {

void describe_error(std::uint8_t type, FieldCursor& cursor) {
  if (type == Icmpv6Type::packet_too_big) {
    cursor.number<std::uint32_t>("mtu", "octets");
  } else if (type == Icmpv6Type::parameter_problem) {
    cursor.number<std::uint32_t>("pointer", "octet of the quoted packet");
  } else {
    cursor.number<std::uint8_t>("length", "units of 8 octets of the quoted packet, 0 if unsaid");
    cursor.octets("unused", 3);
  }
}

void describe_body(const Icmpv6& message, FieldCursor& cursor) {
  const std::uint8_t type = message.type();
  if (message.is_error()) {
    describe_error(type, cursor);
  } else if (message.is_echo()) {
    cursor.code<std::uint16_t>("identifier",
                               [](std::uint16_t value) { return std::to_string(value); });
    cursor.number<std::uint16_t>("sequence_number");
  } else if (type == Icmpv6Type::listener_query) {
    describe_mld_query(cursor);
  } else if (type == Icmpv6Type::listener_report || type == Icmpv6Type::listener_done) {
    describe_mld_report(cursor);
  } else if (type == Icmpv6Type::listener_report_v2) {
    describe_mld_report_v2(cursor);
  } else {
    describe_neighbor_discovery(type, cursor);
  }
}

}  // namespace

void Icmpv6::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Region region = dissection.region_of(layer);
  const Icmpv6 message(region);
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint8_t>("type", icmpv6_type_name);
  cursor.number<std::uint8_t>(
      "code", [&](std::uint8_t code) { return icmpv6_code_name(message.type(), code); });
  cursor.code<std::uint16_t>("checksum", checksum_meaning(dissection, layer));
  describe_body(message, cursor);
  cursor.octets("data", cursor.left());
  const bool extensible = message.quote_length() != 0;
  if (const std::size_t at = icmp_extensions_at(region, extensible, message.quote_length())) {
    FieldCursor extensions(region.bytes, sink, at);
    describe_icmp_extensions(extensions);
  }
}

}  // namespace tapdeck
