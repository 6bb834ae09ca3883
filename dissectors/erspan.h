// ERSPAN types II and III (draft-foschiano-erspan-03 §4): frames that a switch mirrors through GRE.
// Type I has no header: GRE leads on to Ethernet.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Erspan {
 public:
  static constexpr std::string_view name = "erspan";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_ether_type(0x88be), by_ether_type(0x22eb)};
  static constexpr std::size_t shortest_header = 8;

  static constexpr std::uint8_t type_2 = 1, type_3 = 2;  ///< As the version field holds them.
  static constexpr std::uint8_t frame_type_ethernet = 0, frame_type_ip = 2;

  /// Requires: region.holds(shortest_header), and header_length() for what type III adds.
  explicit Erspan(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 0) >> 4U; }
  /// Of the mirrored port; the frame itself may have lost its tag.
  [[nodiscard]] std::uint16_t vlan_id() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0) & 0x0fffU;
  }
  [[nodiscard]] std::uint8_t class_of_service() const { return read_octet(x_bytes, 2) >> 5U; }
  [[nodiscard]] bool truncated() const { return (read_octet(x_bytes, 2) & 4U) != 0; }
  [[nodiscard]] std::uint16_t session_id() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2) & 0x03ffU;
  }
  /// Type II: the port and direction mirrored; 20 bits.
  [[nodiscard]] std::uint32_t index() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4) & 0xfffffU;
  }
  /// Type III.
  [[nodiscard]] std::uint32_t timestamp() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4);
  }
  [[nodiscard]] std::uint16_t security_group() const {
    return read_big_endian<std::uint16_t>(x_bytes, 8);
  }
  [[nodiscard]] std::uint8_t frame_type() const { return read_octet(x_bytes, 10) >> 2U & 0x1fU; }
  [[nodiscard]] std::uint8_t hardware_id() const {
    return static_cast<std::uint8_t>(read_big_endian<std::uint16_t>(x_bytes, 10) >> 4U & 0x3fU);
  }
  [[nodiscard]] bool is_egress() const { return (read_octet(x_bytes, 11) & 8U) != 0; }
  [[nodiscard]] std::uint8_t granularity() const { return read_octet(x_bytes, 11) >> 1U & 3U; }
  [[nodiscard]] bool has_platform_header() const { return (read_octet(x_bytes, 11) & 1U) != 0; }
  [[nodiscard]] std::size_t header_length() const {
    if (version() != type_3) return shortest_header;
    return has_platform_header() ? 20 : 12;
  }

  static std::optional<std::uint64_t> tunnel_id(Region region) {
    return Erspan(region).session_id();
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const Erspan header(region);
    if (header.version() != type_2 && header.version() != type_3) {
      return Step::fault(FaultKind::bad_version, type_2);
    }
    if (header.version() == type_3 && !region.holds(12)) return Step::too_short(region, 12);
    const std::size_t length = header.header_length();
    if (!region.holds(length)) return Step::too_short(region, length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = header.selector()};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Erspan header(dissection.region_of(layer));
    sink.add("version", 0, 1, std::uint64_t{header.version()},
             header.version() == type_2 ? "type II" : "type III");
    sink.add("vlan_id", 0, 2, std::uint64_t{header.vlan_id()});
    sink.add("class_of_service", 2, 1, std::uint64_t{header.class_of_service()});
    sink.add("truncated", 2, 1, std::uint64_t{header.truncated()});
    sink.add("session_id", 2, 2, std::uint64_t{header.session_id()});
    if (header.version() == type_2) {
      sink.add("index", 4, 4, std::uint64_t{header.index()});
      return;
    }
    sink.add("timestamp", 4, 4, std::uint64_t{header.timestamp()});
    sink.add("security_group", 8, 2, std::uint64_t{header.security_group()});
    sink.add("frame_type", 10, 1, std::uint64_t{header.frame_type()});
    sink.add("hardware_id", 10, 2, std::uint64_t{header.hardware_id()});
    sink.add("egress", 11, 1, std::uint64_t{header.is_egress()});
    sink.add("granularity", 11, 1, std::uint64_t{header.granularity()});
    sink.add("has_platform_header", 11, 1, std::uint64_t{header.has_platform_header()});
    FieldCursor cursor(dissection.header_of(layer).bytes, sink, 12);
    cursor.octets("platform_header", cursor.left());
  }

 private:
  [[nodiscard]] Selector selector() const {
    if (version() == type_2) return by_ether_type(0x6558);
    switch (frame_type()) {
      case frame_type_ethernet:
        return by_ether_type(0x6558);
      case frame_type_ip:
        return by(InnerHeader::ip);
    }
    return {};
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
