// UDP (RFC 768): four fields. What follows is guessed by port and checked by whoever attaches.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Udp {
 public:
  static constexpr std::string_view name = "udp";
  static constexpr Role role = Role::transport;
  static constexpr std::array attaches_to{by_ip_protocol(17)};
  static constexpr std::size_t header_octets = 8;
  static constexpr std::size_t longest = 65'535;

  /// Requires: region.holds(header_octets).
  explicit Udp(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t source_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0);
  }
  [[nodiscard]] std::uint16_t destination_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  /// Octets of header and data; zero in a jumbogram (RFC 2675).
  [[nodiscard]] std::uint16_t length() const { return read_big_endian<std::uint16_t>(x_bytes, 4); }
  [[nodiscard]] std::uint16_t checksum() const {
    return read_big_endian<std::uint16_t>(x_bytes, 6);
  }

  static Step parse(Region region, const ParseContext& context) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const Udp header(region);
    const bool jumbo = header.length() == 0 && region.length > longest;
    const std::size_t length = jumbo ? region.length : header.length();
    if (length < header_octets) return Step::fault(FaultKind::bad_length, header_octets);
    if (region.length < length && !context.may_be_cut)
      return Step::fault(FaultKind::bad_length, length);
    return {.header_length = header_octets,
            .payload = region.limited_to(length).after(header_octets),
            .next = by_udp_port(header.destination_port()),
            .alternative = by_udp_port(header.source_port())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
