// The network service header (RFC 8300): which path of services a packet takes, then the packet.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class ServiceHeader {
 public:
  static constexpr std::string_view name = "nsh";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ether_type(0x894f)};
  static constexpr std::size_t shortest_header = 8;

  /// Requires: region.holds(shortest_header).
  explicit ServiceHeader(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 0) >> 6U; }
  [[nodiscard]] std::uint8_t time_to_live() const {
    return static_cast<std::uint8_t>(read_big_endian<std::uint16_t>(x_bytes, 0) >> 6U & 0x3fU);
  }
  /// Octets, metadata included.
  [[nodiscard]] std::size_t header_length() const { return (read_octet(x_bytes, 1) & 0x3fU) * 4U; }
  [[nodiscard]] std::uint8_t next_protocol() const { return read_octet(x_bytes, 3); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const ServiceHeader header(region);
    if (header.version() != 0) return Step::fault(FaultKind::bad_version, 0);
    const std::size_t length = header.header_length();
    if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
    if (!region.holds(length)) return Step::too_short(region, length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = selector_of(header.next_protocol())};
  }

  /// What a next protocol number leads to; VXLAN-GPE's numbers are the same.
  [[nodiscard]] static constexpr Selector selector_of(std::uint8_t next_protocol) {
    switch (next_protocol) {
      case 1:
        return by_ether_type(0x0800);
      case 2:
        return by_ether_type(0x86dd);
      case 3:
        return by_ether_type(0x6558);
      case 4:
        return by_ether_type(0x894f);  // another one of these
      case 5:
        return by_ether_type(0x8847);
    }
    return {};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const ServiceHeader header(dissection.region_of(layer));
    sink.add("version", 0, 1, std::uint64_t{header.version()});
    sink.add("time_to_live", 0, 2, std::uint64_t{header.time_to_live()});
    sink.add("header_length", 1, 1, std::uint64_t{header.header_length()});
    FieldCursor cursor(header.x_bytes.first(header.header_length()), sink, 2);
    cursor.number<std::uint8_t>("metadata_type");
    cursor.number<std::uint8_t>("next_protocol");
    cursor.number_of_three_octets("service_path");
    cursor.number<std::uint8_t>("service_index");
    cursor.octets("metadata", cursor.left());
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
