// The network service header (RFC 8300): which path of services a packet takes, then the packet.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
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
  /// Octets, metadata included.
  [[nodiscard]] std::size_t header_length() const { return (read_octet(x_bytes, 1) & 0x3fU) * 4U; }
  [[nodiscard]] std::uint8_t next_protocol() const { return read_octet(x_bytes, 3); }
  [[nodiscard]] std::uint32_t service_path() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4) >> 8U;
  }
  [[nodiscard]] std::uint8_t service_index() const { return read_octet(x_bytes, 7); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const ServiceHeader header(region);
    if (header.version() != 0) return Step::fault(FaultKind::bad_version, 0);
    const std::size_t length = header.header_length();
    if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
    if (!region.holds(length)) return Step::too_short(region, length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = header.selector()};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const ServiceHeader header(dissection.region_of(layer));
    sink.add("version", 0, 1, std::uint64_t{header.version()});
    sink.add("header_length", 1, 1, std::uint64_t{header.header_length()});
    sink.add("next_protocol", 3, 1, std::uint64_t{header.next_protocol()});
    sink.add("service_path", 4, 3, std::uint64_t{header.service_path()});
    sink.add("service_index", 7, 1, std::uint64_t{header.service_index()});
  }

 private:
  [[nodiscard]] Selector selector() const {
    switch (next_protocol()) {
      case 1:
        return by_ether_type(0x0800);
      case 2:
        return by_ether_type(0x86dd);
      case 3:
        return by_ether_type(0x6558);
      case 4:
        return by_ether_type(0x894f);
      case 5:
        return by_ether_type(0x8847);
    }
    return {};
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
