#include "dissectors/neighbor_discovery.h"

#include <algorithm>
#include <array>
#include <string>

#include "dissectors/icmpv6.h"

namespace tapdeck {
namespace {

/// IANA's "IPv6 Neighbor Discovery Option Formats", those that are decoded.
struct OptionType {
  static constexpr std::uint8_t source_link_layer_address = 1, target_link_layer_address = 2,
                                prefix_information = 3, redirected_header = 4, mtu = 5, nonce = 14,
                                route_information = 24, dns_servers = 25, dns_search_list = 31,
                                captive_portal = 37, pref64 = 38;
};

struct OptionName {
  std::uint8_t type;
  std::string_view name;
};

constexpr std::array names{
    OptionName{OptionType::source_link_layer_address, "source_link_layer_address"},
    OptionName{OptionType::target_link_layer_address, "target_link_layer_address"},
    OptionName{OptionType::prefix_information, "prefix_information"},
    OptionName{OptionType::redirected_header, "redirected_header"},
    OptionName{OptionType::mtu, "mtu"},
    OptionName{OptionType::nonce, "nonce"},
    OptionName{OptionType::route_information, "route_information"},
    OptionName{OptionType::dns_servers, "recursive_dns_server"},
    OptionName{OptionType::dns_search_list, "dns_search_list"},
    OptionName{OptionType::captive_portal, "captive_portal"},
    OptionName{OptionType::pref64, "pref64"},
};

std::string_view name_of_option(std::uint8_t type) {
  const auto found = std::ranges::find(names, type, &OptionName::type);
  return found == names.end() ? "option" : found->name;
}

std::string seconds_or_infinite(std::uint32_t seconds) {
  return seconds == 0xffff'ffff ? "infinite" : "seconds";
}

/// RFC 4191 §2.1: two bits.
std::string_view preference_name(std::uint8_t preference) {
  constexpr std::array<std::string_view, 4> preferences{"medium", "high", "reserved", "low"};
  return preferences[preference & 3U];
}

void describe_prefix(FieldCursor& option) {
  option.number<std::uint8_t>("prefix_length", "bits");
  FieldSink& sink = option.sink();
  option.bit_field<std::uint8_t>("flags", [&](std::uint8_t flags, std::size_t at) {
    add_flag(sink, "on_link", at, 1, (flags & 0x80U) != 0);
    add_flag(sink, "autonomous", at, 1, (flags & 0x40U) != 0);
    add_flag(sink, "router_address", at, 1, (flags & 0x20U) != 0);
  });
  option.number<std::uint32_t>("valid_lifetime", seconds_or_infinite);
  option.number<std::uint32_t>("preferred_lifetime", seconds_or_infinite);
  option.code<std::uint32_t>("reserved");
  option.ipv6("prefix");
}

void describe_route(FieldCursor& option) {
  option.number<std::uint8_t>("prefix_length", "bits");
  option.code<std::uint8_t>("flags", [](std::uint8_t flags) {
    return std::string("preference ").append(preference_name(flags >> 3U & 3U));
  });
  option.number<std::uint32_t>("route_lifetime", seconds_or_infinite);
  option.octets("prefix", option.left());
}

void describe_data(std::uint8_t type, FieldCursor& option) {
  const bool is_link_layer_address = type == OptionType::source_link_layer_address ||
                                     type == OptionType::target_link_layer_address;
  if (is_link_layer_address && option.left() == 6) {
    option.mac("address");
  } else if (type == OptionType::prefix_information) {
    describe_prefix(option);
  } else if (type == OptionType::redirected_header) {
    option.octets("reserved", 6);
    option.octets("packet", option.left());
  } else if (type == OptionType::mtu) {
    option.code<std::uint16_t>("reserved");
    option.number<std::uint32_t>("mtu", "octets");
  } else if (type == OptionType::route_information) {
    describe_route(option);
  } else if (type == OptionType::dns_servers || type == OptionType::dns_search_list) {
    option.code<std::uint16_t>("reserved");
    option.number<std::uint32_t>("lifetime", seconds_or_infinite);
    while (type == OptionType::dns_servers && option.left() >= 16) option.ipv6("address");
  }
  option.octets("data", option.left());
}

/// False if the rest can't be read as options.
bool describe_option(FieldCursor& cursor) {
  const Bytes rest = cursor.rest();
  if (rest.size() < 2) return false;
  const std::uint8_t type = read_octet(rest, 0);
  const std::size_t length = read_octet(rest, 1) * std::size_t{8};
  if (length == 0 || length > rest.size()) return false;
  FieldCursor option =
      cursor.group(name_of_option(type), length, octets_as_hex(rest.subspan(2, length - 2)),
                   unknown_kind(name_of_option(type), type));
  option.number<std::uint8_t>("type");
  option.number<std::uint8_t>("length", "units of 8 octets");
  describe_data(type, option);
  cursor.end_group();
  return true;
}

/// RFC 4861 §4.2, RFC 6275 §7.1, RFC 4191 §2.2, RFC 4389 §4.1.3.3.
void describe_router_advertisement(FieldCursor& cursor) {
  cursor.number<std::uint8_t>("current_hop_limit", "0: unspecified");
  FieldSink& sink = cursor.sink();
  cursor.bit_field<std::uint8_t>("flags", [&](std::uint8_t flags, std::size_t at) {
    add_flag(sink, "managed_addresses", at, 1, (flags & 0x80U) != 0);
    add_flag(sink, "other_configuration", at, 1, (flags & 0x40U) != 0);
    add_flag(sink, "home_agent", at, 1, (flags & 0x20U) != 0);
    sink.add("preference", at, 1, std::uint64_t{flags >> 3U & 3U},
             std::string(preference_name(flags >> 3U & 3U)));
    add_flag(sink, "proxy", at, 1, (flags & 0x04U) != 0);
  });
  cursor.number<std::uint16_t>("router_lifetime", "seconds");
  cursor.number<std::uint32_t>("reachable_time", "milliseconds, 0: unspecified");
  cursor.number<std::uint32_t>("retransmission_timer", "milliseconds, 0: unspecified");
}

void describe_neighbor_advertisement(FieldCursor& cursor) {
  FieldSink& sink = cursor.sink();
  cursor.bit_field<std::uint32_t>("flags", [&](std::uint32_t flags, std::size_t at) {
    add_flag(sink, "router", at, 1, (flags & 0x8000'0000U) != 0);
    add_flag(sink, "solicited", at, 1, (flags & 0x4000'0000U) != 0);
    add_flag(sink, "override", at, 1, (flags & 0x2000'0000U) != 0);
  });
  cursor.ipv6("target");
}

}  // namespace

void describe_neighbor_discovery(std::uint8_t icmpv6_type, FieldCursor& cursor) {
  switch (icmpv6_type) {
    case Icmpv6Type::router_solicitation:
      cursor.code<std::uint32_t>("reserved");
      break;
    case Icmpv6Type::router_advertisement:
      describe_router_advertisement(cursor);
      break;
    case Icmpv6Type::neighbor_solicitation:
      cursor.code<std::uint32_t>("reserved");
      cursor.ipv6("target");
      break;
    case Icmpv6Type::neighbor_advertisement:
      describe_neighbor_advertisement(cursor);
      break;
    case Icmpv6Type::redirect:
      cursor.code<std::uint32_t>("reserved");
      cursor.ipv6("target");
      cursor.ipv6("destination");
      break;
    default:
      return;
  }
  while (cursor.left() > 0 && describe_option(cursor)) {
  }
  cursor.octets("malformed_options", cursor.left());
}

}  // namespace tapdeck
