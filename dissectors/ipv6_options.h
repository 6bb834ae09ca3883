// The options of hop-by-hop and destination options headers (RFC 8200 §4.2): type, length, data.
#pragma once

#include <cstdint>

#include "captures/bytes.h"
#include "dissectors/field_cursor.h"

namespace tapdeck {

/// IANA's "Destination Options and Hop-by-Hop Options", the action and change bits included.
struct Ipv6OptionType {
  static constexpr std::uint8_t pad_1 = 0x00, pad_n = 0x01, router_alert = 0x05, calipso = 0x07,
                                quick_start = 0x26, path_mtu = 0x30, ioam = 0x31, tunnel_limit = 4,
                                rpl = 0x63, jumbo_payload = 0xc2, home_address = 0xc9;
};

/// Calls visit(type, at, data) for each option: `at` is its offset in `options`, `data` what
/// follows type and length. False if a length was malformed or the capture cuts it.
template <class Visit>
constexpr bool for_each_ipv6_option(Bytes options, Visit visit) {
  std::size_t at = 0;
  while (at < options.size()) {
    const std::uint8_t type = read_octet(options, at);
    if (type == Ipv6OptionType::pad_1) {
      ++at;
      continue;
    }
    if (at + 1 >= options.size()) return false;
    const std::size_t length = read_octet(options, at + 1);
    if (length > options.size() - at - 2) return false;
    visit(type, at, options.subspan(at + 2, length));
    at += 2 + length;
  }
  return true;
}

/// Next header, header length and a field for each option, paddings included.
void describe_ipv6_options_header(FieldCursor& cursor);

}  // namespace tapdeck
