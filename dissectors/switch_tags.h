// Tags that Cisco's switches put before an EtherType: VN-Tag (the interface of a virtual machine,
// near IEEE 802.1BR) and Cisco metadata (TrustSec's security group).
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/ethernet.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class VnTag {
 public:
  static constexpr std::string_view name = "vn_tag";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ether_type(0x8926)};
  static constexpr std::size_t header_octets = 6;

  /// Requires: region.holds(header_octets).
  explicit VnTag(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] bool to_interface() const { return (read_octet(x_bytes, 0) & 0x80U) != 0; }
  [[nodiscard]] std::uint16_t destination_interface() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0) & 0x3fffU;
  }
  [[nodiscard]] std::uint16_t source_interface() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2) & 0x0fffU;
  }
  [[nodiscard]] std::uint16_t type_or_length() const {
    return read_big_endian<std::uint16_t>(x_bytes, 4);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return Ethernet::step_into(header_octets, region.after(header_octets),
                               VnTag(region).type_or_length());
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const VnTag header(dissection.region_of(layer));
    sink.add("to_interface", 0, 1, std::uint64_t{header.to_interface()});
    sink.add("destination_interface", 0, 2, std::uint64_t{header.destination_interface()});
    sink.add("source_interface", 2, 2, std::uint64_t{header.source_interface()});
    Ethernet::describe_type_or_length(header.type_or_length(), 4, sink);
  }

 private:
  Bytes x_bytes;
};

/// version (1) | length (1) | option (2) | security group (2) | EtherType (2)
class CiscoMetadata {
 public:
  static constexpr std::string_view name = "cisco_metadata";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ether_type(0x8909)};
  static constexpr std::size_t header_octets = 8;

  /// Requires: region.holds(header_octets).
  explicit CiscoMetadata(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t type_or_length() const {
    return read_big_endian<std::uint16_t>(x_bytes, 6);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return Ethernet::step_into(header_octets, region.after(header_octets),
                               CiscoMetadata(region).type_or_length());
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    FieldCursor cursor(dissection.header_of(layer).bytes, sink);
    cursor.number<std::uint8_t>("version");
    cursor.number<std::uint8_t>("length");
    cursor.number<std::uint16_t>("option");
    cursor.number<std::uint16_t>("security_group");
    Ethernet::describe_type_or_length(CiscoMetadata(dissection.region_of(layer)).type_or_length(),
                                      6, sink);
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
