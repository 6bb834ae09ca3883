// Teredo (RFC 4380 §5.1.1): IPv6 in UDP, with authentication and origin indications before it.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/ipv6.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Teredo {
 public:
  static constexpr std::string_view name = "teredo";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_udp_port(3544)};

  static constexpr std::uint16_t origin_indicator = 0x0000, authentication_indicator = 0x0001;
  static constexpr std::size_t origin_octets = 8;

  /// Where the indications lie; octets, 0 for one that is missing.
  struct Shape {
    std::size_t authentication = 0;
    std::size_t origin = 0;
    [[nodiscard]] std::size_t length() const { return authentication + origin; }
  };

  /// Only what is IPv6 of the right length counts: the port alone proves nothing.
  static Step parse(Region region, const ParseContext& context) {
    const Shape shape = shape_of(region);
    const std::size_t needed = shape.length() + Ipv6::header_octets;
    if (region.length < needed) return Step::not_mine();
    if (!region.holds(needed)) return Step::too_short(region, needed);
    const Region packet = region.after(shape.length());
    const Ipv6 header(packet);
    const bool fits = header.payload_length() <= packet.length - Ipv6::header_octets ||
                      context.in_first_fragment();
    if (header.version() != 6 || !fits) return Step::not_mine();
    return {.header_length = static_cast<std::uint32_t>(shape.length()),
            .payload = packet,
            .next = by_ether_type(0x86dd)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  static bool indicates(Region region, std::size_t at, std::uint16_t indicator) {
    return region.holds(at + 2) && read_big_endian<std::uint16_t>(region.bytes, at) == indicator;
  }

  static Shape shape_of(Region region) {
    constexpr std::size_t lengths_at = 2, fixed_octets = 13;  // nonce and confirmation among them
    Shape shape;
    if (indicates(region, 0, authentication_indicator) && region.holds(lengths_at + 2)) {
      shape.authentication = fixed_octets + std::size_t{read_octet(region.bytes, lengths_at)} +
                             read_octet(region.bytes, lengths_at + 1);
    }
    if (indicates(region, shape.authentication, origin_indicator)) shape.origin = origin_octets;
    return shape;
  }
};

}  // namespace tapdeck
