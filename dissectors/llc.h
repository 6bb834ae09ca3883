// LLC (IEEE 802.2 §3): what an 802.3 or 802.11 frame carries, told by service access points.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/link_numbers.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Llc {
 public:
  static constexpr std::string_view name = "llc";
  static constexpr Role role = Role::other;
  /// 0x8870 is how frames longer than 1500 octets say that LLC follows.
  static constexpr std::array attaches_to{by(InnerHeader::llc), by_ether_type(0x8870)};
  static constexpr std::size_t shortest_header = 3;
  static constexpr std::uint8_t unnumbered_information = 0x03;

  /// Requires: region.holds(shortest_header).
  explicit Llc(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t destination_sap() const { return read_octet(x_bytes, 0); }
  [[nodiscard]] std::uint8_t source_sap() const { return read_octet(x_bytes, 1); }
  [[nodiscard]] std::uint8_t control() const { return read_octet(x_bytes, 2); }
  /// Unnumbered PDUs have one octet of control, the others two (§5.2).
  [[nodiscard]] std::size_t header_length() const { return (control() & 3U) == 3U ? 3 : 4; }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const Llc header(region);
    // Novell's "raw 802.3": IPX without LLC, whose checksum field is always ffff.
    if (header.destination_sap() == 0xff && header.source_sap() == 0xff) return Step::not_mine();
    const std::size_t length = header.header_length();
    if (!region.holds(length)) return Step::too_short(region, length);
    const bool carries_packet = header.control() == unnumbered_information;
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = carries_packet ? by_llc_sap(header.destination_sap()) : Selector{}};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Llc header(dissection.region_of(layer));
    const auto destination = header.destination_sap();
    sink.add("dsap", 0, 1, std::uint64_t{destination}, llc_sap_name(destination));
    sink.add("ssap", 1, 1, std::uint64_t{header.source_sap()}, llc_sap_name(header.source_sap()));
    sink.add("control", 2, header.header_length() - 2, std::uint64_t{header.control()},
             header.control() == unnumbered_information ? "unnumbered information" : "");
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
