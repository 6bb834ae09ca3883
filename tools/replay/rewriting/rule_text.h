// The pieces that rules are written of: addresses, prefixes, ports, numbers. What isn't one is a
// RuleMistake that says where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dissectors/address.h"
#include "tools/replay/rewriting/prefix.h"

namespace tapdeck {

/// Thrown by parsers of rules and turned into a Failure that shows the place.
struct RuleMistake {
  std::string message;
  std::string_view place;  ///< A part of the text that was to be parsed.
};

/// Both sides of the first `mark` that there must be.
[[nodiscard]] std::pair<std::string_view, std::string_view> parse_pair(std::string_view text,
                                                                       char mark,
                                                                       std::string_view shape);

[[nodiscard]] std::vector<std::string_view> parse_list(std::string_view text, char mark);

/// A decimal number from `least` to `most`.
[[nodiscard]] unsigned parse_number(std::string_view text, unsigned least, unsigned most,
                                    std::string_view what);

[[nodiscard]] IpAddress parse_address(std::string_view text);

/// One that a host can have: not 0.0.0.0 or ::, no broadcast, no multicast.
[[nodiscard]] IpAddress parse_host(std::string_view text);
[[nodiscard]] MacAddress parse_mac(std::string_view text);

/// "10.0.0.0/8"; an address alone is a prefix of all its bits. No bit may be set behind it.
[[nodiscard]] Prefix parse_prefix(std::string_view text);

/// "192.0.2.1:80" or "[2001:db8::1]:80": a host's.
[[nodiscard]] std::pair<IpAddress, std::uint16_t> parse_socket(std::string_view text);

/// Takes the name of a protocol with ports and a colon from the front: "tcp:80". 0 where there is
/// none.
[[nodiscard]] std::uint8_t take_protocol(std::string_view& text);

/// What an IP protocol is called in rules and tables: "tcp", "icmp", "ip-47".
[[nodiscard]] std::string protocol_text(std::uint8_t ip_protocol);

/// "192.0.2.1:80", "[2001:db8::1]:80"; without a port the address alone.
[[nodiscard]] std::string address_port_text(const IpAddress& address,
                                            std::optional<std::uint16_t> port);

}  // namespace tapdeck
