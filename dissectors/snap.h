// SNAP (IEEE 802 §9.5): an organization's protocol numbers behind LLC; those of organization 0 are
// EtherTypes (RFC 1042).
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/numbers.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Snap {
 public:
  static constexpr std::string_view name = "snap";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_llc_sap(0xaa)};
  static constexpr std::size_t header_octets = 5;

  static constexpr std::uint32_t encapsulated_ethernet = 0x000000;  ///< RFC 1042.
  static constexpr std::uint32_t bridge_tunnel = 0x0000f8;          ///< IEEE 802.1H.
  static constexpr std::uint32_t bridged = 0x0080c2;                ///< RFC 2427 §4.2, RFC 2684.

  /// Requires: region.holds(header_octets).
  explicit Snap(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint32_t organization() const {
    return read_big_endian<std::uint32_t>(x_bytes, 0) >> 8U;
  }
  [[nodiscard]] std::uint16_t protocol() const {
    return read_big_endian<std::uint16_t>(x_bytes, 3);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = Snap(region).selector()};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Snap header(dissection.region_of(layer));
    const bool by_type = header.selector() == by_ether_type(header.protocol());
    sink.add("organization", 0, 3, std::uint64_t{header.organization()},
             header.organization() == bridged ? "bridged frame" : "");
    sink.add("protocol", 3, 2, std::uint64_t{header.protocol()},
             by_type ? ether_type_name(header.protocol()) : "");
  }

 private:
  [[nodiscard]] Selector selector() const {
    constexpr std::uint16_t ethernet_with_fcs = 1, ethernet_without_fcs = 7;
    if (organization() == encapsulated_ethernet || organization() == bridge_tunnel) {
      return by_ether_type(protocol());
    }
    const bool ethernet = protocol() == ethernet_with_fcs || protocol() == ethernet_without_fcs;
    return organization() == bridged && ethernet ? by_ether_type(0x6558) : Selector{};
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
