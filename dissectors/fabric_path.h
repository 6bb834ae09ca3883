// Cisco FabricPath: a switch address and a tag with a hop count, then a whole Ethernet frame. No
// specification is published; the octets are:
//   switch addresses (12) | 0x8903 | tree tag (10 bits), hops left (6 bits) | Ethernet frame
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class FabricPath {
 public:
  static constexpr std::string_view name = "fabric_path";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ether_type(0x8903)};
  static constexpr std::size_t header_octets = 2;

  /// Requires: region.holds(header_octets).
  explicit FabricPath(Region region) : x_tag(read_big_endian<std::uint16_t>(region.bytes, 0)) {}

  [[nodiscard]] std::uint16_t tree() const { return x_tag >> 6U; }
  [[nodiscard]] std::uint8_t hops_left() const { return x_tag & 0x3fU; }

  static Step parse(Region region, const ParseContext&) {
    return Step::over(header_octets, region, by_ether_type(0x6558));
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const FabricPath header(dissection.region_of(layer));
    sink.add("tree", 0, 2, std::uint64_t{header.tree()});
    sink.add("hops_left", 1, 1, std::uint64_t{header.hops_left()});
  }

 private:
  std::uint16_t x_tag;
};

}  // namespace tapdeck
