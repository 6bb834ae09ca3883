// Per-packet information (PPI, CACE 2007): fields about the packet, and the link type of what
// follows them.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class PerPacketInformation {
 public:
  static constexpr std::string_view name = "ppi";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::per_packet_information)};
  static constexpr std::size_t shortest_header = 8;

  /// Requires: region.holds(shortest_header).
  explicit PerPacketInformation(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 0); }
  /// Octets, fields included.
  [[nodiscard]] std::uint16_t length() const {
    return read_little_endian<std::uint16_t>(x_bytes, 2);
  }
  [[nodiscard]] std::uint32_t link_type() const {
    return read_little_endian<std::uint32_t>(x_bytes, 4);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const PerPacketInformation header(region);
    if (header.version() != 0) return Step::fault(FaultKind::bad_version, 0);
    const std::size_t length = header.length();
    if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
    if (!region.holds(length)) return Step::too_short(region, length);
    const std::uint32_t link_type = header.link_type();
    const bool nested = link_type == static_cast<std::uint32_t>(LinkType::per_packet_information);
    const bool known = link_type <= 0xffffU && !nested;
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = known ? by(LinkType{static_cast<std::uint16_t>(link_type)}) : Selector{}};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const PerPacketInformation header(dissection.region_of(layer));
    sink.add("version", 0, 1, std::uint64_t{header.version()});
    sink.add("flags", 1, 1, std::uint64_t{read_octet(header.x_bytes, 1)});
    sink.add("length", 2, 2, std::uint64_t{header.length()});
    sink.add("link_type", 4, 4, std::uint64_t{header.link_type()});
    FieldCursor cursor(dissection.header_of(layer).bytes, sink, shortest_header);
    cursor.octets("fields", cursor.left());
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
