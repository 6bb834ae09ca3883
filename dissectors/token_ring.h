// Token ring (IEEE 802.5 §3.2): access and frame control, two addresses, a source route where there
// is one, then LLC.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/octets.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class TokenRing {
 public:
  static constexpr std::string_view name = "token_ring";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::token_ring)};
  static constexpr std::size_t shortest_header = 14;

  /// Requires: region.holds(shortest_header).
  explicit TokenRing(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] bool holds_llc() const { return (read_octet(x_bytes, 1) & 0xc0U) == 0x40; }
  [[nodiscard]] MacAddress destination() const { return MacAddress::read(x_bytes, 2); }
  /// Without the bit that says that a route follows.
  [[nodiscard]] MacAddress source() const {
    MacAddress address = MacAddress::read(x_bytes, 8);
    address.octets[0] &= 0x7fU;
    return address;
  }
  [[nodiscard]] bool has_route() const { return (read_octet(x_bytes, 8) & 0x80U) != 0; }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const TokenRing header(region);
    std::size_t length = shortest_header;
    if (header.has_route()) {
      if (!region.holds(shortest_header + 1)) return Step::too_short(region, shortest_header + 1);
      const std::size_t route = read_octet(region.bytes, shortest_header) & 0x1fU;
      if (route < 2) return Step::fault(FaultKind::bad_length, 2);
      length += route;
    }
    if (!region.holds(length)) return Step::too_short(region, length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = header.holds_llc() ? by(InnerHeader::llc) : Selector{}};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const TokenRing header(dissection.region_of(layer));
    sink.add("access_control", 0, 1, std::uint64_t{read_octet(header.x_bytes, 0)});
    sink.add("frame_control", 1, 1, std::uint64_t{read_octet(header.x_bytes, 1)});
    sink.add("destination", 2, 6, to_string(header.destination()));
    sink.add("source", 8, 6, to_string(header.source()));
    const std::size_t route = layer.header_length - shortest_header;
    if (route == 0) return;
    sink.add("route", shortest_header, route,
             octets_as_hex(header.x_bytes.subspan(shortest_header, route)));
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
