#include "dissectors/igmp.h"

#include <string>

#include "dissectors/checksum.h"
#include "dissectors/field_cursor.h"
#include "dissectors/group_membership.h"

namespace tapdeck {
namespace {

constexpr std::size_t shortest_v3_query = 12;

std::string type_name(const Igmp& message) {
  switch (message.type()) {
    case IgmpType::query:
      return "membership query v" + std::to_string(message.version());
    case IgmpType::report_v1:
      return "membership report v1";
    case 0x13:
      return "DVMRP";
    case 0x14:
      return "PIM v1";
    case 0x15:
      return "Cisco trace";
    case IgmpType::report_v2:
      return "membership report v2";
    case IgmpType::leave:
      return "leave group";
    case 0x1e:
      return "multicast traceroute response";
    case 0x1f:
      return "multicast traceroute";
    case IgmpType::report_v3:
      return "membership report v3";
    case 0x30:
      return "multicast router advertisement";
    case 0x31:
      return "multicast router solicitation";
    case 0x32:
      return "multicast router termination";
    default:
      return "";
  }
}

std::string response_time(std::uint8_t version, std::uint8_t code) {
  if (version < 2) return "";
  const std::uint32_t tenths = version == 3 ? time_of_code(code) : code;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " seconds";
}

}  // namespace

std::uint8_t Igmp::version() const {
  switch (type()) {
    case IgmpType::query:
      if (x_length >= shortest_v3_query) return 3;
      return max_response_code() == 0 ? 1 : 2;
    case IgmpType::report_v1:
      return 1;
    case IgmpType::report_v2:
    case IgmpType::leave:
      return 2;
    case IgmpType::report_v3:
      return 3;
    default:
      return 0;
  }
}

void Igmp::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Igmp message(dissection.region_of(layer));
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.code<std::uint8_t>("type", type_name(message));
  const bool is_query = message.type() == IgmpType::query;
  cursor.number<std::uint8_t>(is_query ? "max_response_code" : "reserved", [&](std::uint8_t code) {
    return is_query ? response_time(message.version(), code) : "";
  });
  cursor.code<std::uint16_t>("checksum", checksum_meaning(dissection, layer));
  if (message.type() == IgmpType::report_v3) {
    describe_group_records(cursor, 4);
  } else if (message.version() != 0) {
    cursor.ipv4("group_address");
    if (is_query && message.version() == 3) describe_query_v3(cursor, 4);
  }
  cursor.octets("data", cursor.left());
}

}  // namespace tapdeck
