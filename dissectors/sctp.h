// SCTP (RFC 9260): the common header; the chunks behind it are shown, not walked.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Sctp {
 public:
  static constexpr std::string_view name = "sctp";
  static constexpr Role role = Role::transport;
  static constexpr std::array attaches_to{by_ip_protocol(132)};
  static constexpr std::size_t header_octets = 12;

  /// Requires: region.holds(header_octets), or 4 for the ports alone.
  explicit Sctp(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t source_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0);
  }
  [[nodiscard]] std::uint16_t destination_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  [[nodiscard]] std::uint32_t verification_tag() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4);
  }
  /// CRC32c, not the Internet checksum.
  [[nodiscard]] std::uint32_t checksum() const {
    return read_big_endian<std::uint32_t>(x_bytes, 8);
  }

  static Step parse(Region region, const ParseContext& context) {
    constexpr std::size_t quoted_octets = 8;  // what an ICMP error quotes at least
    if (context.may_be_cut && region.holds(quoted_octets) && !region.holds(header_octets)) {
      return {.header_length = quoted_octets, .payload = region.after(quoted_octets)};
    }
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return {.header_length = header_octets, .payload = region.after(header_octets)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
