#include "dissectors/icmp.h"

#include "dissectors/checksum.h"
#include "dissectors/field_cursor.h"
#include "dissectors/icmp_extensions.h"

namespace tapdeck {
namespace {

/// RFC 1256 §3.
void describe_router_advertisement(FieldCursor& cursor) {
  const auto count = cursor.number<std::uint8_t>("number_of_addresses");
  cursor.number<std::uint8_t>("address_entry_size", "words of 4 octets");
  cursor.number<std::uint16_t>("lifetime", "seconds");
  for (std::size_t index = 0; index < count && cursor.left() > 0; ++index) {
    cursor.ipv4("router_address");
    cursor.number<std::uint32_t>("preference_level");
  }
}

/// The second word of an error and what it means there (RFC 792, RFC 1191, RFC 4884).
void describe_error(const Icmp& message, FieldCursor& cursor) {
  if (message.type() == IcmpType::redirect) {
    cursor.ipv4("gateway");
    return;
  }
  if (message.type() == IcmpType::source_quench) {
    cursor.code<std::uint32_t>("unused");
    return;
  }
  if (message.type() == IcmpType::parameter_problem) {
    cursor.number<std::uint8_t>("pointer", "octet of the quoted packet");
  } else {
    cursor.code<std::uint8_t>("unused");
  }
  cursor.number<std::uint8_t>("length", "words of the quoted packet, 0 if unsaid");
  const bool has_mtu = message.type() == IcmpType::destination_unreachable && message.code() == 4;
  has_mtu ? cursor.number<std::uint16_t>("next_hop_mtu", "octets")
          : cursor.code<std::uint16_t>("unused");
}

void describe_extended_echo(const Icmp& message, FieldCursor& cursor) {
  cursor.code<std::uint16_t>("identifier");
  cursor.number<std::uint8_t>("sequence_number");
  cursor.code<std::uint8_t>(message.type() == IcmpType::extended_echo ? "flags"
                                                                      : "state_and_flags");
  if (message.type() == IcmpType::extended_echo) describe_icmp_extensions(cursor);
}

void describe_body(const Icmp& message, FieldCursor& cursor) {
  const std::uint8_t type = message.type();
  if (message.is_error()) return describe_error(message, cursor);
  if (type == IcmpType::router_advertisement) return describe_router_advertisement(cursor);
  if (type == IcmpType::extended_echo || type == IcmpType::extended_echo_reply) {
    return describe_extended_echo(message, cursor);
  }
  if (message.has_identifier()) {
    cursor.code<std::uint16_t>("identifier",
                               [](std::uint16_t value) { return std::to_string(value); });
    cursor.number<std::uint16_t>("sequence_number");
  } else {
    cursor.code<std::uint32_t>("unused");
  }
  if (type == IcmpType::timestamp || type == IcmpType::timestamp_reply) {
    for (const char* const field :
         {"originate_timestamp", "receive_timestamp", "transmit_timestamp"}) {
      cursor.number<std::uint32_t>(field, "milliseconds since midnight UT");
    }
  } else if (type == IcmpType::address_mask_request || type == IcmpType::address_mask_reply) {
    cursor.ipv4("address_mask");
  }
}

}  // namespace

void Icmp::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Region region = dissection.region_of(layer);
  const Icmp message(region);
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint8_t>("type", icmp_type_name);
  cursor.number<std::uint8_t>(
      "code", [&](std::uint8_t code) { return icmp_code_name(message.type(), code); });
  cursor.code<std::uint16_t>("checksum", checksum_meaning(dissection, layer));
  describe_body(message, cursor);
  cursor.octets("data", cursor.left());
  if (const std::size_t at =
          icmp_extensions_at(region, message.is_error(), message.quote_length())) {
    FieldCursor extensions(region.bytes, sink, at);
    describe_icmp_extensions(extensions);
  }
}

}  // namespace tapdeck
