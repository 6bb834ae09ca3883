// MPLS (RFC 3032): each entry of a label stack is a layer. What lies below the bottom is nowhere
// said: the first bits tell IP from a pseudowire (RFC 4928 §3, RFC 4385 §3), and whether a frame
// with or without control word follows is told by what makes sense.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Mpls {
 public:
  static constexpr std::string_view name = "mpls";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_ether_type(0x8847), by_ether_type(0x8848),
                                          by_ppp(0x0281), by_ppp(0x0283), by_ip_protocol(137)};
  static constexpr std::size_t header_octets = 4;
  /// Whoever receives a packet chose its labels: the two directions of a flow differ.
  static constexpr bool id_is_one_way = true;

  /// Requires: region.holds(header_octets).
  explicit Mpls(Region region) : x_entry(read_big_endian<std::uint32_t>(region.bytes, 0)) {}

  [[nodiscard]] std::uint32_t label() const { return x_entry >> 12U; }
  [[nodiscard]] std::uint8_t traffic_class() const { return x_entry >> 9U & 7U; }
  [[nodiscard]] bool bottom_of_stack() const { return (x_entry & 0x100U) != 0; }
  [[nodiscard]] std::uint8_t time_to_live() const { return static_cast<std::uint8_t>(x_entry); }

  static std::optional<std::uint64_t> tunnel_id(Region region) { return Mpls(region).label(); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const bool bottom = Mpls(region).bottom_of_stack();
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = bottom ? by(InnerHeader::mpls_payload) : by_ether_type(0x8847)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  std::uint32_t x_entry;
};

/// Looks below the bottom of the stack; takes no octets, so no packet has such a layer.
class MplsPayload {
 public:
  static constexpr std::string_view name = "mpls_payload";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by(InnerHeader::mpls_payload)};

  static Step parse(Region region, const ParseContext& context);
  static void describe(const Dissection&, const Layer&, FieldSink&) {}
};

/// The control word of an Ethernet pseudowire (RFC 4448 §4.6).
class PseudowireControl {
 public:
  static constexpr std::string_view name = "pseudowire_control";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by(InnerHeader::pseudowire_control)};
  static constexpr std::size_t header_octets = 4;

  static Step parse(Region region, const ParseContext&) {
    return Step::over(header_octets, region, by_ether_type(0x6558));
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    FieldCursor cursor(dissection.header_of(layer).bytes, sink);
    cursor.octets("reserved", 2);
    cursor.number<std::uint16_t>("sequence_number");
  }
};

}  // namespace tapdeck
