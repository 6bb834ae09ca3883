// Frame relay: a Q.922 address of two to four octets, then RFC 2427's control octet and network
// layer protocol identifier, or Cisco's encapsulation: an EtherType.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class FrameRelay {
 public:
  static constexpr std::string_view name = "frame_relay";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::frame_relay)};
  static constexpr std::size_t longest_address = 4;
  static constexpr std::uint8_t unnumbered_information = 0x03;

  /// Offsets, in octets, of the parts behind the address.
  struct Shape {
    std::size_t address_octets = 0;
    bool cisco = false;           ///< An EtherType follows the address.
    std::size_t protocol_at = 0;  /// Of the EtherType, or of the identifier.
    [[nodiscard]] std::size_t length() const { return protocol_at + (cisco ? 2 : 1); }
  };

  /// Requires: region holds shape.length() octets.
  FrameRelay(Region region, Shape shape) : x_bytes(region.bytes), x_shape(shape) {}

  /// The data link connection identifier: 10, 16 or 23 bits (Q.922 §3.3).
  [[nodiscard]] std::uint32_t dlci() const {
    std::uint32_t dlci = read_octet(x_bytes, 0) >> 2U;
    dlci = dlci << 4U | read_octet(x_bytes, 1) >> 4U;
    for (std::size_t at = 2; at < x_shape.address_octets; ++at) {
      const bool last = at + 1 == x_shape.address_octets;
      dlci = last ? dlci << 6U | read_octet(x_bytes, at) >> 2U
                  : dlci << 7U | read_octet(x_bytes, at) >> 1U;
    }
    return dlci;
  }
  [[nodiscard]] bool forward_congestion() const { return (read_octet(x_bytes, 1) & 8U) != 0; }
  [[nodiscard]] bool backward_congestion() const { return (read_octet(x_bytes, 1) & 4U) != 0; }
  [[nodiscard]] bool discard_eligible() const { return (read_octet(x_bytes, 1) & 2U) != 0; }
  [[nodiscard]] std::uint8_t nlpid() const { return read_octet(x_bytes, x_shape.protocol_at); }
  [[nodiscard]] std::uint16_t ether_type() const {
    return read_big_endian<std::uint16_t>(x_bytes, x_shape.protocol_at);
  }

  static Step parse(Region region, const ParseContext&);
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  /// Octets up to the one whose extension bit ends the address; 0 if none of four does.
  static std::size_t address_octets(Region region);
  static Selector selector_of(std::uint8_t nlpid);
  /// The first octet that must be looked at and isn't there makes the shape end behind it.
  static Shape shape_of(Region region, std::size_t address_octets);

  Bytes x_bytes;
  Shape x_shape;
};

}  // namespace tapdeck
