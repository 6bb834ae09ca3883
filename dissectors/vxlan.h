// VXLAN (RFC 7348) and its generic protocol extension (draft-ietf-nvo3-vxlan-gpe): a virtual
// network in UDP.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/service_header.h"
#include "dissectors/step.h"

namespace tapdeck {

class Vxlan {
 public:
  static constexpr std::string_view name = "vxlan";
  static constexpr Role role = Role::tunnel;
  /// 8472 is what Linux used before 4789 was assigned, and still does unless told otherwise.
  static constexpr std::array attaches_to{by_udp_port(4789), by_udp_port(8472)};
  static constexpr std::size_t header_octets = 8;
  static constexpr std::uint8_t has_network = 0x08;
  static constexpr std::uint8_t has_next_protocol = 0x04;  ///< Only VxlanGpe's headers say so.
  static constexpr std::uint8_t group_policy = 0x80;       ///< draft-smith-vxlan-group-policy.

  /// Requires: region.holds(header_octets).
  explicit Vxlan(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t flags() const { return read_octet(x_bytes, 0); }
  [[nodiscard]] std::uint32_t network_id() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4) >> 8U;
  }

  static std::optional<std::uint64_t> tunnel_id(Region region) {
    return Vxlan(region).network_id();
  }

  static Step parse(Region region, const ParseContext&) {
    if (region.length < header_octets) return Step::not_mine();
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const std::uint8_t flags = Vxlan(region).flags();
    if (flags == (has_network | has_next_protocol)) return Step::redirect(by_udp_port(4790));
    const bool reserved_used = read_octet(region.bytes, 7) != 0;
    if ((flags & ~group_policy) != has_network || reserved_used) return Step::not_mine();
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = by_ether_type(0x6558)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    FieldCursor cursor(dissection.header_of(layer).bytes, sink);
    const auto flags = cursor.number<std::uint8_t>("flags");
    if ((flags & group_policy) != 0) {
      cursor.code<std::uint8_t>("policy_flags");
      cursor.number<std::uint16_t>("policy_group");
    } else {
      cursor.octets("reserved", 3);
    }
    cursor.number_of_three_octets("network_id");
    cursor.octets("reserved", 1);
  }

 private:
  Bytes x_bytes;
};

class VxlanGpe {
 public:
  static constexpr std::string_view name = "vxlan_gpe";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_udp_port(4790)};
  static constexpr std::size_t header_octets = 8;

  /// Requires: region.holds(header_octets).
  explicit VxlanGpe(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t flags() const { return read_octet(x_bytes, 0); }
  [[nodiscard]] std::uint8_t version() const { return flags() >> 4U & 3U; }
  [[nodiscard]] bool has_network() const { return (flags() & 0x08U) != 0; }
  [[nodiscard]] bool has_next_protocol() const { return (flags() & 0x04U) != 0; }
  [[nodiscard]] std::uint8_t next_protocol() const { return read_octet(x_bytes, 3); }
  [[nodiscard]] std::uint32_t network_id() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4) >> 8U;
  }

  static std::optional<std::uint64_t> tunnel_id(Region region) {
    const VxlanGpe header(region);
    return header.has_network() ? std::optional<std::uint64_t>(header.network_id()) : std::nullopt;
  }

  static Step parse(Region region, const ParseContext&) {
    if (region.length < header_octets) return Step::not_mine();
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const VxlanGpe header(region);
    const bool reserved_used = (header.flags() & 0xc0U) != 0 || read_octet(region.bytes, 1) != 0 ||
                               read_octet(region.bytes, 2) != 0 || read_octet(region.bytes, 7) != 0;
    const bool says_something = header.has_network() || header.has_next_protocol();
    if (reserved_used || header.version() != 0 || !says_something) return Step::not_mine();
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = header.selector()};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    FieldCursor cursor(dissection.header_of(layer).bytes, sink);
    cursor.number<std::uint8_t>("flags");
    cursor.octets("reserved", 2);
    cursor.number<std::uint8_t>("next_protocol");
    cursor.number_of_three_octets("network_id");
    cursor.octets("reserved", 1);
  }

 private:
  [[nodiscard]] Selector selector() const {
    if (next_protocol() == 0 && !has_next_protocol()) return by_ether_type(0x6558);
    return ServiceHeader::selector_of(next_protocol());
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
