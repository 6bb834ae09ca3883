#include "dissectors/ipv6_options.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "dissectors/numbers.h"

namespace tapdeck {
namespace {

using Type = Ipv6OptionType;

struct OptionName {
  std::uint8_t type;
  std::string_view name;
};

constexpr std::array names{
    OptionName{Type::pad_n, "pad_n"},
    OptionName{Type::router_alert, "router_alert"},
    OptionName{Type::calipso, "calipso"},
    OptionName{Type::quick_start, "quick_start"},
    OptionName{Type::path_mtu, "path_mtu"},
    OptionName{Type::ioam, "ioam"},
    OptionName{Type::tunnel_limit, "tunnel_encapsulation_limit"},
    OptionName{Type::rpl, "rpl"},
    OptionName{Type::jumbo_payload, "jumbo_payload"},
    OptionName{Type::home_address, "home_address"},
};

std::string_view name_of_option(std::uint8_t type) {
  const auto found = std::ranges::find(names, type, &OptionName::type);
  return found == names.end() ? "option" : found->name;
}

/// RFC 8200 §4.2: what to do with a type not known, and whether routers may change it.
std::string meaning_of_type(std::uint8_t type) {
  constexpr std::array<std::string_view, 4> actions{
      "skipped if unknown", "packet dropped if unknown", "packet dropped and ICMP sent if unknown",
      "packet dropped and ICMP sent if unknown and not multicast"};
  return std::string(actions[type >> 6U]) + ((type & 0x20U) != 0 ? ", may change on the way" : "");
}

/// RFC 2711, RFC 3175, RFC 5971, RFC 6401.
std::string router_alert_meaning(std::uint16_t value) {
  if (value == 0) return "multicast listener discovery";
  if (value == 1) return "RSVP";
  if (value == 2) return "active networks";
  if (value >= 4 && value <= 35) return "aggregated reservation level " + std::to_string(value - 4);
  return "";
}

void describe_data(std::uint8_t type, FieldCursor& option) {
  if (type == Type::jumbo_payload) {
    option.number<std::uint32_t>("payload_length", "octets");
  } else if (type == Type::router_alert) {
    option.number<std::uint16_t>("value", router_alert_meaning);
  } else if (type == Type::home_address) {
    option.ipv6("address");
  } else if (type == Type::tunnel_limit) {
    option.number<std::uint8_t>("limit", "further encapsulations");
  } else if (type == Type::path_mtu) {
    option.number<std::uint16_t>("minimum_path_mtu", "octets");
    option.number<std::uint16_t>("returned_path_mtu", "octets, the lowest bit asks for a return");
  }
  option.octets("data", option.left());
}

/// False if the rest can't be read as options.
bool describe_option(FieldCursor& cursor) {
  const Bytes rest = cursor.rest();
  if (rest.size() < 2) return false;
  const std::uint8_t type = read_octet(rest, 0);
  const std::size_t length = read_octet(rest, 1);
  if (length > rest.size() - 2) return false;
  FieldCursor option =
      cursor.group(name_of_option(type), 2 + length, octets_as_hex(rest.subspan(2, length)),
                   unknown_kind(name_of_option(type), type));
  option.code<std::uint8_t>("type", meaning_of_type);
  option.number<std::uint8_t>("length", "octets of data");
  describe_data(type, option);
  cursor.end_group();
  return true;
}

}  // namespace

void describe_ipv6_options_header(FieldCursor& cursor) {
  cursor.number<std::uint8_t>("next_header", ip_protocol_name);
  cursor.number<std::uint8_t>("header_extension_length", [](std::uint8_t units) {
    return std::to_string((units + 1) * 8) + " octets";
  });
  while (cursor.left() > 0) {
    if (read_octet(cursor.rest(), 0) == Type::pad_1) {
      cursor.octets("pad_1", 1);
    } else if (!describe_option(cursor)) {
      cursor.octets("malformed_options", cursor.left());
    }
  }
}

}  // namespace tapdeck
