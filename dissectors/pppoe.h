// PPP over Ethernet (RFC 2516): discovery packets and the session that they set up.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Pppoe {
 public:
  static constexpr std::string_view name = "pppoe";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_ether_type(0x8863), by_ether_type(0x8864),
                                          by(LinkType::ppp_ether)};
  static constexpr std::size_t header_octets = 6;
  static constexpr std::uint8_t version_and_type = 0x11;
  static constexpr std::uint8_t session_data = 0;

  /// Requires: region.holds(header_octets).
  explicit Pppoe(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t code() const { return read_octet(x_bytes, 1); }
  [[nodiscard]] std::uint16_t session_id() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  /// Octets of payload.
  [[nodiscard]] std::uint16_t length() const { return read_big_endian<std::uint16_t>(x_bytes, 4); }

  static std::optional<std::uint64_t> tunnel_id(Region region) {
    return Pppoe(region).session_id();
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    if (read_octet(region.bytes, 0) != version_and_type) {
      return Step::fault(FaultKind::bad_version, version_and_type);
    }
    const Pppoe header(region);
    return {.header_length = header_octets,
            .payload = region.after(header_octets).limited_to(header.length()),
            .next = header.code() == session_data ? by(InnerHeader::ppp_frame) : Selector{}};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Pppoe header(dissection.region_of(layer));
    sink.add("version_and_type", 0, 1, std::uint64_t{version_and_type});
    sink.add("code", 1, 1, std::uint64_t{header.code()}, code_name(header.code()));
    sink.add("session_id", 2, 2, std::uint64_t{header.session_id()});
    sink.add("length", 4, 2, std::uint64_t{header.length()});
  }

 private:
  static std::string code_name(std::uint8_t code) {
    switch (code) {
      case session_data:
        return "session data";
      case 0x07:
        return "active discovery offer (PADO)";
      case 0x09:
        return "active discovery initiation (PADI)";
      case 0x19:
        return "active discovery request (PADR)";
      case 0x65:
        return "active discovery session confirmation (PADS)";
      case 0xa7:
        return "active discovery termination (PADT)";
    }
    return {};
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
