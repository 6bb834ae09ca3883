// VLAN tags: IEEE 802.1Q (§9.6) customer and service tags, stacked as often as the frame has them.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/ethernet.h"
#include "dissectors/field.h"
#include "dissectors/numbers.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Vlan {
 public:
  static constexpr std::string_view name = "vlan";
  static constexpr Role role = Role::tag;
  /// 0x9100 and 0x9200 were used for service tags before IEEE 802.1ad chose 0x88a8.
  static constexpr std::array attaches_to{by_ether_type(0x8100), by_ether_type(0x88a8),
                                          by_ether_type(0x9100), by_ether_type(0x9200)};
  static constexpr std::size_t header_octets = 4;

  /// Requires: region.holds(header_octets).
  explicit Vlan(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t priority() const { return read_octet(x_bytes, 0) >> 5U; }
  [[nodiscard]] bool drop_eligible() const { return (read_octet(x_bytes, 0) & 0x10U) != 0; }
  /// 0: priority only, no VLAN; 4095 is reserved.
  [[nodiscard]] std::uint16_t vlan_id() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0) & 0x0fffU;
  }
  [[nodiscard]] std::uint16_t type_or_length() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return Ethernet::step_into(header_octets, region.after(header_octets),
                               Vlan(region).type_or_length());
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Vlan header(dissection.region_of(layer));
    sink.add("priority", 0, 1, std::uint64_t{header.priority()});
    sink.add("drop_eligible", 0, 1, std::uint64_t{header.drop_eligible()});
    sink.add("vlan_id", 0, 2, std::uint64_t{header.vlan_id()},
             header.vlan_id() == 0 ? "priority only" : "");
    Ethernet::describe_type_or_length(header.type_or_length(), 2, sink);
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
