// UDP-Lite (RFC 3828): UDP whose checksum may cover a part only.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class UdpLite {
 public:
  static constexpr std::string_view name = "udp_lite";
  static constexpr Role role = Role::transport;
  static constexpr std::array attaches_to{by_ip_protocol(136)};
  static constexpr std::size_t header_octets = 8;

  /// Requires: region.holds(header_octets).
  explicit UdpLite(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t source_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0);
  }
  [[nodiscard]] std::uint16_t destination_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  /// Octets from the header's start; 0 for all of them.
  [[nodiscard]] std::uint16_t checksum_coverage() const {
    return read_big_endian<std::uint16_t>(x_bytes, 4);
  }
  [[nodiscard]] std::uint16_t checksum() const {
    return read_big_endian<std::uint16_t>(x_bytes, 6);
  }

  static Step parse(Region region, const ParseContext& context) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const std::size_t coverage = UdpLite(region).checksum_coverage();
    if (coverage != 0 && coverage < header_octets) {
      return Step::fault(FaultKind::bad_length, header_octets);
    }
    if (region.length < coverage && !context.may_be_cut) {
      return Step::fault(FaultKind::bad_length, coverage);
    }
    return {.header_length = header_octets, .payload = region.after(header_octets)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
