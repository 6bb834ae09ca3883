// PPP (RFC 1661) in HDLC-like framing (RFC 1662) or bare, with or without the octets that its peers
// may agree to leave out: address and control, and the protocol's first octet.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Ppp {
 public:
  static constexpr std::string_view name = "ppp";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{
      by(LinkType::ppp),     by(LinkType::ppp_hdlc), by(LinkType::ppp_with_direction),
      by_ether_type(0x880b), by_nlpid(0xcf),         by(InnerHeader::ppp_frame)};

  /// Which of the header's parts are there; octets.
  struct Shape {
    std::size_t direction = 0;  ///< LINKTYPE_PPP_WITH_DIR only: 0 received, else sent.
    std::size_t address_and_control = 0;
    std::size_t protocol = 0;

    [[nodiscard]] std::size_t protocol_offset() const { return direction + address_and_control; }
    [[nodiscard]] std::size_t length() const { return protocol_offset() + protocol; }
  };

  /// Requires: region holds shape.length() octets.
  Ppp(Region region, Shape shape) : x_bytes(region.bytes), x_shape(shape) {}

  [[nodiscard]] std::uint16_t protocol() const {
    const std::size_t at = x_shape.protocol_offset();
    return x_shape.protocol == 1 ? read_octet(x_bytes, at)
                                 : read_big_endian<std::uint16_t>(x_bytes, at);
  }

  static Step parse(Region region, const ParseContext& context) {
    const bool has_direction = context.selector == by(LinkType::ppp_with_direction);
    const Shape shape = shape_of(region, has_direction ? 1 : 0);
    const std::size_t length = shape.length();
    if (!region.holds(length)) return Step::too_short(region, length);
    if (context.selector.space() == SelectorSpace::link_type && is_cisco_hdlc(region)) {
      return Step::redirect(by(LinkType::cisco_hdlc));
    }
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = by_ppp(Ppp(region, shape).protocol())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  /// What can be told from the octets captured; longer than the region where some are missing.
  static Shape shape_of(Region region, std::size_t direction) {
    Shape shape{.direction = direction};
    const auto octet_is = [&](std::size_t at, std::uint8_t value) {
      return region.holds(at + 1) && read_octet(region.bytes, at) == value;
    };
    if (octet_is(direction, 0xff) && (!region.holds(direction + 2) || octet_is(direction + 1, 3))) {
      shape.address_and_control = 2;
    }
    const std::size_t at = shape.protocol_offset();
    const bool compressed = region.holds(at + 1) && (read_octet(region.bytes, at) & 1U) != 0;
    shape.protocol = compressed ? 1 : 2;  // the last octet of a protocol is odd, no other one
    return shape;
  }

  /// Cisco's framing on a line that was captured as PPP (RFC 1547 §4.3.1): as PPP it would begin
  /// with a protocol that is reserved.
  static bool is_cisco_hdlc(Region region) {
    const std::uint8_t address = read_octet(region.bytes, 0);
    return address == 0x0f || address == 0x8f;
  }

  Bytes x_bytes;
  Shape x_shape;
};

}  // namespace tapdeck
