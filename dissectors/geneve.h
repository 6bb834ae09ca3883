// Geneve (RFC 8926): a virtual network in UDP, with options.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/numbers.h"
#include "dissectors/octets.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Geneve {
 public:
  static constexpr std::string_view name = "geneve";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_udp_port(6081)};
  static constexpr std::size_t shortest_header = 8;

  /// Requires: region.holds(shortest_header).
  explicit Geneve(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 0) >> 6U; }
  /// Octets, options included.
  [[nodiscard]] std::size_t header_length() const {
    return shortest_header + (read_octet(x_bytes, 0) & 0x3fU) * 4U;
  }
  [[nodiscard]] bool control_packet() const { return (read_octet(x_bytes, 1) & 0x80U) != 0; }
  [[nodiscard]] bool critical_options() const { return (read_octet(x_bytes, 1) & 0x40U) != 0; }
  [[nodiscard]] std::uint16_t protocol() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  [[nodiscard]] std::uint32_t network_id() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4) >> 8U;
  }

  static std::optional<std::uint64_t> tunnel_id(Region region) {
    return Geneve(region).network_id();
  }

  static Step parse(Region region, const ParseContext&) {
    if (region.length < shortest_header) return Step::not_mine();
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const Geneve header(region);
    const bool reserved_used =
        (read_octet(region.bytes, 1) & 0x3fU) != 0 || read_octet(region.bytes, 7) != 0;
    const std::size_t length = header.header_length();
    if (header.version() != 0 || reserved_used || header.protocol() < smallest_ether_type ||
        region.length < length) {
      return Step::not_mine();
    }
    if (!region.holds(length)) return Step::too_short(region, length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = by_ether_type(header.protocol())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Geneve header(dissection.region_of(layer));
    sink.add("version", 0, 1, std::uint64_t{header.version()});
    sink.add("header_length", 0, 1, std::uint64_t{header.header_length()});
    sink.add("control_packet", 1, 1, std::uint64_t{header.control_packet()});
    sink.add("critical_options", 1, 1, std::uint64_t{header.critical_options()});
    sink.add("protocol", 2, 2, std::uint64_t{header.protocol()},
             ether_type_name(header.protocol()));
    sink.add("network_id", 4, 3, std::uint64_t{header.network_id()});
    sink.add("reserved", 7, 1, std::uint64_t{read_octet(header.x_bytes, 7)});
    const std::size_t options = header.header_length() - shortest_header;
    if (options == 0) return;
    sink.add("options", shortest_header, options,
             octets_as_hex(header.x_bytes.subspan(shortest_header, options)));
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
