// Provider backbone bridging (IEEE 802.1Q §9.7, the former 802.1ah): a service tag, then a whole
// Ethernet frame.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class ProviderBackbone {
 public:
  static constexpr std::string_view name = "provider_backbone";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_ether_type(0x88e7)};
  static constexpr std::size_t header_octets = 4;

  /// Requires: region.holds(header_octets).
  explicit ProviderBackbone(Region region)
      : x_tag(read_big_endian<std::uint32_t>(region.bytes, 0)) {}

  [[nodiscard]] std::uint8_t priority() const { return static_cast<std::uint8_t>(x_tag >> 29U); }
  [[nodiscard]] bool drop_eligible() const { return (x_tag & 0x10000000U) != 0; }
  /// The backbone service instance (I-SID); 24 bits.
  [[nodiscard]] std::uint32_t service_id() const { return x_tag & 0xffffffU; }

  static std::optional<std::uint64_t> tunnel_id(Region region) {
    return ProviderBackbone(region).service_id();
  }

  static Step parse(Region region, const ParseContext&) {
    return Step::over(header_octets, region, by_ether_type(0x6558));
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const ProviderBackbone header(dissection.region_of(layer));
    sink.add("priority", 0, 1, std::uint64_t{header.priority()});
    sink.add("drop_eligible", 0, 1, std::uint64_t{header.drop_eligible()});
    sink.add("service_id", 1, 3, std::uint64_t{header.service_id()});
  }

 private:
  std::uint32_t x_tag;
};

}  // namespace tapdeck
