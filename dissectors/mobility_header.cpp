#include "dissectors/mobility_header.h"

#include <string>

#include "dissectors/field_cursor.h"
#include "dissectors/numbers.h"

namespace tapdeck {
namespace {

/// IANA's "Mobility Header Types - for the MH Type field in the Mobility Header".
constexpr std::array<std::string_view, 24> message_names{
    "binding refresh request",
    "home test init",
    "care-of test init",
    "home test",
    "care-of test",
    "binding update",
    "binding acknowledgement",
    "binding error",
    "fast binding update",
    "fast binding acknowledgment",
    "fast neighbor advertisement",
    "experimental mobility header",
    "home agent switch",
    "heartbeat",
    "handover initiate",
    "handover acknowledge",
    "binding revocation",
    "localized routing initiation",
    "localized routing acknowledgment",
    "update notification",
    "update notification acknowledgement",
    "flow binding",
    "subscription query",
    "subscription response",
};

}  // namespace

void MobilityHeader::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint8_t>("payload_protocol", ip_protocol_name);
  cursor.number<std::uint8_t>("header_length", [](std::uint8_t units) {
    return std::to_string((units + 1) * 8) + " octets";
  });
  cursor.number<std::uint8_t>("mh_type", [](std::uint8_t type) {
    return type < message_names.size() ? message_names[type] : std::string_view{};
  });
  cursor.code<std::uint8_t>("reserved");
  cursor.code<std::uint16_t>("checksum");
  cursor.octets("message_data", cursor.left());
}

}  // namespace tapdeck
