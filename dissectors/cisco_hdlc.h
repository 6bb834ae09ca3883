// Cisco's HDLC (RFC 1547 §4.3.1): an address octet, a control octet, an EtherType.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/numbers.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class CiscoHdlc {
 public:
  static constexpr std::string_view name = "cisco_hdlc";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::cisco_hdlc)};
  static constexpr std::size_t header_octets = 4;
  /// Serial line address resolution and keep-alives; RARP's number elsewhere.
  static constexpr std::uint16_t slarp = 0x8035;

  /// Requires: region.holds(header_octets).
  explicit CiscoHdlc(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t address() const { return read_octet(x_bytes, 0); }
  [[nodiscard]] std::uint8_t control() const { return read_octet(x_bytes, 1); }
  [[nodiscard]] std::uint16_t protocol() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const std::uint16_t protocol = CiscoHdlc(region).protocol();
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = protocol == slarp ? Selector{} : by_ether_type(protocol)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const CiscoHdlc header(dissection.region_of(layer));
    sink.add("address", 0, 1, std::uint64_t{header.address()}, address_name(header.address()));
    sink.add("control", 1, 1, std::uint64_t{header.control()});
    sink.add("protocol", 2, 2, std::uint64_t{header.protocol()},
             header.protocol() == slarp ? "SLARP" : ether_type_name(header.protocol()));
  }

 private:
  static std::string address_name(std::uint8_t address) {
    if (address == 0x0f) return "unicast";
    return address == 0x8f ? "multicast" : "";
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
