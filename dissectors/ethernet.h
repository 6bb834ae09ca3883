// Ethernet: DIX frames by EtherType, 802.3 frames by length with an LLC header (IEEE 802.3 §3.2).
#pragma once

#include <array>
#include <string_view>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Ethernet {
 public:
  static constexpr std::string_view name = "ethernet";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::ethernet), by_ether_type(0x6558),
                                          by_ip_protocol(143)};
  static constexpr std::size_t header_octets = 14;
  /// Values up to this are an 802.3 length, from 0x0600 an EtherType (IEEE 802.3 §3.2.6).
  static constexpr std::uint16_t longest_payload = 1500;
  /// Shorter frames are padded to this length, the check sequence not counted (§4A.2.3.2.4).
  static constexpr std::size_t shortest_frame = 60;

  /// Requires: region.holds(header_octets).
  explicit Ethernet(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] MacAddress destination() const { return MacAddress::read(x_bytes, 0); }
  [[nodiscard]] MacAddress source() const { return MacAddress::read(x_bytes, 6); }
  [[nodiscard]] std::uint16_t type_or_length() const {
    return read_big_endian<std::uint16_t>(x_bytes, 12);
  }

  static Step parse(Region region, const ParseContext& context) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const std::size_t without_fcs =
        region.length - std::min<std::size_t>(region.length - header_octets, context.fcs_length);
    return step_into(header_octets, region.limited_to(without_fcs).after(header_octets),
                     Ethernet(region).type_or_length());
  }

  /// What follows a header that ends with an EtherType or a length: that of a frame or of a tag.
  static Step step_into(std::uint32_t header_length, Region payload, std::uint16_t type_or_length) {
    if (type_or_length > longest_payload) {
      return {.header_length = header_length,
              .payload = payload,
              .next = by_ether_type(type_or_length)};
    }
    return {.header_length = header_length,
            .payload = payload.limited_to(type_or_length),
            .next = by(InnerHeader::llc)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);
  static void describe_type_or_length(std::uint16_t value, std::size_t offset, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
