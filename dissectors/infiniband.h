// IP over InfiniBand as captured on Linux (LINKTYPE_IPOIB): the peer's pseudo header, then RFC
// 4391's four octets of encapsulation.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/numbers.h"
#include "dissectors/octets.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Infiniband {
 public:
  static constexpr std::string_view name = "infiniband";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::infiniband)};
  static constexpr std::size_t address_octets = 40, header_octets = 44;

  /// Requires: region.holds(header_octets).
  explicit Infiniband(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t protocol() const {
    return read_big_endian<std::uint16_t>(x_bytes, address_octets);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = by_ether_type(Infiniband(region).protocol())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Infiniband header(dissection.region_of(layer));
    sink.add("addresses", 0, address_octets, octets_as_hex(header.x_bytes.first(address_octets)));
    sink.add("type", address_octets, 2, std::uint64_t{header.protocol()},
             ether_type_name(header.protocol()));
    sink.add("reserved", address_octets + 2, 2,
             std::uint64_t{read_big_endian<std::uint16_t>(header.x_bytes, address_octets + 2)});
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
