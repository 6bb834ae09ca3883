// What the messages of ICMP and ICMPv6 have in common (RFC 792, RFC 4443 §2.1).
#pragma once

#include <cstddef>
#include <cstdint>

#include "captures/bytes.h"
#include "dissectors/step.h"

namespace tapdeck {

class IcmpMessage {
 public:
  static constexpr std::size_t header_octets = 8;

  [[nodiscard]] std::uint8_t type() const { return read_octet(x_bytes, 0); }
  [[nodiscard]] std::uint8_t code() const { return read_octet(x_bytes, 1); }
  [[nodiscard]] std::uint16_t checksum() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  /// Valid for messages that are paired by it and the sequence number, as echoes are.
  [[nodiscard]] std::uint16_t identifier() const {
    return read_big_endian<std::uint16_t>(x_bytes, 4);
  }
  /// Likewise; an extended echo's has 8 bits only.
  [[nodiscard]] std::uint16_t sequence_number() const {
    return read_big_endian<std::uint16_t>(x_bytes, 6);
  }

 protected:
  /// What follows: of an error the quoted packet, which is of `quoted`.
  template <class Message>
  [[nodiscard]] static Step parse_as(Region region, Selector quoted) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const Message message(region);
    if (message.is_error()) {
      const Region rest = region.after(header_octets);
      const std::size_t quote = message.quote_length();
      return {.quotes = true,
              .header_length = header_octets,
              .payload = quote == 0 ? rest : rest.limited_to(quote),
              .next = quoted};
    }
    if (message.is_echo()) {
      return {.header_length = header_octets, .payload = region.after(header_octets)};
    }
    return {.header_length = static_cast<std::uint32_t>(region.length),
            .payload = region.after(region.length)};
  }

  /// Requires: bytes.size() >= header_octets.
  explicit IcmpMessage(Bytes bytes) : x_bytes(bytes) {}

  Bytes x_bytes;
};

}  // namespace tapdeck
