// EtherIP (RFC 3378): an Ethernet frame in IP behind two octets.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class EtherIp {
 public:
  static constexpr std::string_view name = "etherip";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_ip_protocol(97)};
  static constexpr std::size_t header_octets = 2;
  static constexpr std::uint8_t only_version = 3;

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const std::uint8_t version = read_octet(region.bytes, 0) >> 4U;
    if (version != only_version) return Step::fault(FaultKind::bad_version, only_version);
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = by_ether_type(0x6558)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Bytes header = dissection.header_of(layer).bytes;
    sink.add("version", 0, 1, std::uint64_t{only_version});
    sink.add("reserved", 0, 2, std::uint64_t{read_big_endian<std::uint16_t>(header, 0) & 0x0fffU});
  }
};

}  // namespace tapdeck
