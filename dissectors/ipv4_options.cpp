#include "dissectors/ipv4_options.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace tapdeck {
namespace {

using Type = Ipv4OptionType;

struct OptionName {
  std::uint8_t type;
  std::string_view name;
};

constexpr std::array names{
    OptionName{Type::record_route, "record_route"},
    OptionName{Type::mtu_probe, "mtu_probe"},
    OptionName{Type::mtu_reply, "mtu_reply"},
    OptionName{Type::quick_start, "quick_start"},
    OptionName{Type::timestamp, "timestamp"},
    OptionName{Type::traceroute, "traceroute"},
    OptionName{Type::security, "security"},
    OptionName{Type::loose_source_route, "loose_source_route"},
    OptionName{Type::extended_security, "extended_security"},
    OptionName{Type::commercial_security, "commercial_security"},
    OptionName{Type::stream_id, "stream_id"},
    OptionName{Type::strict_source_route, "strict_source_route"},
    OptionName{Type::router_alert, "router_alert"},
};

std::string_view name_of_option(std::uint8_t type) {
  const auto found = std::ranges::find(names, type, &OptionName::type);
  return found == names.end() ? "option" : found->name;
}

std::string meaning_of_type(std::uint8_t type) {
  constexpr std::array<std::string_view, 4> classes{
      "control", "reserved class 1", "debugging and measurement", "reserved class 3"};
  return std::string(classes[type >> 5U & 3U]) + ", number " + std::to_string(type & 0x1fU) +
         ((type & 0x80U) != 0 ? ", copied on fragmentation" : "");
}

/// The slots of a route; `pointer` counts octets of the option from 1.
void describe_route(FieldCursor& option, std::size_t option_begin) {
  const auto pointer = option.number<std::uint8_t>("pointer");
  while (option.left() >= 4) {
    const std::size_t position = option.at() - option_begin + 1;
    option.ipv4("address", position < pointer ? "" : position == pointer ? "next" : "not reached");
  }
}

/// RFC 791 §3.1: pointer, overflow and flag, then time stamps, with or without addresses.
void describe_timestamp(FieldCursor& option) {
  option.number<std::uint8_t>("pointer");
  constexpr std::array<std::string_view, 4> flags{"time stamps only", "each with its address", "",
                                                  "addresses chosen by the sender"};
  std::uint8_t flag = 0;
  option.bit_field<std::uint8_t>("overflow_and_flag", [&](std::uint8_t octet, std::size_t at) {
    flag = octet & 0x0fU;
    option.sink().add("overflow", at, 1, std::uint64_t{static_cast<std::uint8_t>(octet >> 4U)},
                      "hosts without room");
    option.sink().add("flag", at, 1, std::uint64_t{flag},
                      std::string(flag < flags.size() ? flags[flag] : ""));
  });
  while (option.left() > 0) {
    if (flag != 0) option.ipv4("address");
    option.number<std::uint32_t>("timestamp", [](std::uint32_t time) {
      return (time & 0x8000'0000U) != 0 ? "not in milliseconds since midnight UT"
                                        : "milliseconds since midnight UT";
    });
  }
}

/// RFC 1108 §2.3.
std::string classification(std::uint8_t level) {
  switch (level) {
    case 0x3d:
      return "top secret";
    case 0x5a:
      return "secret";
    case 0x96:
      return "confidential";
    case 0xab:
      return "unclassified";
    default:
      return "reserved";
  }
}

/// RFC 1393: sent by `traceroute` and copied by routers.
void describe_traceroute(FieldCursor& option) {
  option.code<std::uint16_t>("id_number");
  option.number<std::uint16_t>("outbound_hop_count");
  option.number<std::uint16_t>("return_hop_count");
  option.ipv4("originator");
}

void describe_data(std::uint8_t type, FieldCursor& option, std::size_t option_begin) {
  if (type == Type::record_route || type == Type::loose_source_route ||
      type == Type::strict_source_route) {
    describe_route(option, option_begin);
  } else if (type == Type::timestamp) {
    describe_timestamp(option);
  } else if (type == Type::router_alert) {
    option.number<std::uint16_t>("value", [](std::uint16_t value) {
      return value == 0 ? "routers shall examine the packet" : "";  // RFC 2113 §2.1
    });
  } else if (type == Type::security) {
    option.code<std::uint8_t>("classification_level", classification);
    option.octets("protection_authority", option.left());
  } else if (type == Type::commercial_security) {
    option.number<std::uint32_t>("domain_of_interpretation");
    option.octets("tags", option.left());
  } else if (type == Type::traceroute) {
    describe_traceroute(option);
  } else if (type == Type::mtu_probe || type == Type::mtu_reply) {
    option.number<std::uint16_t>("mtu", "octets");
  } else if (type == Type::stream_id) {
    option.number<std::uint16_t>("stream_id");
  }
  option.octets("data", option.left());
}

/// False if the rest can't be read as options.
bool describe_option(FieldCursor& cursor) {
  const Bytes rest = cursor.rest();
  const std::uint8_t type = read_octet(rest, 0);
  if (rest.size() < 2) return false;
  const std::size_t length = read_octet(rest, 1);
  if (length < 2 || length > rest.size()) return false;
  const std::size_t begin = cursor.at();
  FieldCursor option =
      cursor.group(name_of_option(type), length, octets_as_hex(rest.subspan(2, length - 2)),
                   unknown_kind(name_of_option(type), type));
  option.code<std::uint8_t>("type", meaning_of_type);
  option.number<std::uint8_t>("length", "octets");
  describe_data(type, option, begin);
  cursor.end_group();
  return true;
}

}  // namespace

std::optional<IpAddress> end_of_source_route(Bytes options) {
  std::size_t at = 0;
  while (at + 2 < options.size()) {
    const std::uint8_t type = read_octet(options, at);
    if (type == Type::end) return std::nullopt;
    if (type == Type::no_operation) {
      ++at;
      continue;
    }
    const std::size_t length = read_octet(options, at + 1);
    if (length < 2 || length > options.size() - at) return std::nullopt;
    if (type == Type::loose_source_route || type == Type::strict_source_route) {
      const std::size_t pointer = read_octet(options, at + 2);
      const bool under_way = length >= 7 && pointer + 3 <= length;
      return under_way ? std::optional(IpAddress::read_v4(options, at + length - 4)) : std::nullopt;
    }
    at += length;
  }
  return std::nullopt;
}

void describe_ipv4_options(FieldCursor& cursor) {
  while (cursor.left() > 0) {
    const std::uint8_t type = read_octet(cursor.rest(), 0);
    if (type == Type::end) {
      cursor.octets("end_of_options", cursor.left(), "and padding");
    } else if (type == Type::no_operation) {
      cursor.octets("no_operation", 1);
    } else if (!describe_option(cursor)) {
      cursor.octets("malformed_options", cursor.left());
    }
  }
}

}  // namespace tapdeck
