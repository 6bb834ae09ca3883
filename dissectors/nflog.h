// Packets as Linux's firewall logs them (LINKTYPE_NFLOG): an address family and a list of values,
// one of which is the packet.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Nflog {
 public:
  static constexpr std::string_view name = "nflog";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::nflog)};
  static constexpr std::size_t fixed_octets = 4;
  static constexpr std::size_t value_header = 4;  ///< Length (this header included), then type.
  static constexpr std::uint16_t payload_type = 9;

  /// Requires: region.holds(fixed_octets).
  explicit Nflog(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t family() const { return read_octet(x_bytes, 0); }
  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 1); }
  [[nodiscard]] std::uint16_t group() const { return read_big_endian<std::uint16_t>(x_bytes, 2); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(fixed_octets)) return Step::too_short(region, fixed_octets);
    std::size_t at = fixed_octets;
    while (region.holds(at + value_header)) {
      // In the byte order of the machine that captured; little-endian is taken for granted.
      const std::size_t length = read_little_endian<std::uint16_t>(region.bytes, at);
      const auto type = read_little_endian<std::uint16_t>(region.bytes, at + 2);
      if (length < value_header) return Step::fault(FaultKind::bad_length, value_header);
      if (type == payload_type) {
        const std::size_t header = at + value_header;
        return {.header_length = static_cast<std::uint32_t>(header),
                .payload = region.after(header).limited_to(length - value_header),
                .next = by(InnerHeader::ip)};
      }
      at += (length + 3) / 4 * 4;
    }
    return Step::too_short(region, at + value_header);
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Nflog header(dissection.region_of(layer));
    sink.add("family", 0, 1, std::uint64_t{header.family()});
    sink.add("version", 1, 1, std::uint64_t{header.version()});
    sink.add("group", 2, 2, std::uint64_t{header.group()});
    FieldCursor cursor(dissection.header_of(layer).bytes, sink, fixed_octets);
    while (cursor.left() != 0) describe_value(cursor);
  }

 private:
  static void describe_value(FieldCursor& cursor) {
    const std::size_t length = read_little_endian<std::uint16_t>(cursor.rest(), 0);
    const auto type = read_little_endian<std::uint16_t>(cursor.rest(), 2);
    const bool is_packet = type == payload_type;  // the next layer; only its type stands here
    FieldCursor value = cursor.group("value", is_packet ? value_header : (length + 3) / 4 * 4,
                                     std::uint64_t{type}, value_name(type));
    value.skip(value_header);
    value.octets("octets", length - value_header);
    cursor.end_group();
  }

  static std::string value_name(std::uint16_t type) {
    constexpr std::array names{"",
                               "packet header",
                               "mark",
                               "time stamp",
                               "interface in",
                               "interface out",
                               "physical interface in",
                               "physical interface out",
                               "hardware address",
                               "packet",
                               "prefix",
                               "user id",
                               "sequence number",
                               "global sequence number",
                               "group id",
                               "hardware type",
                               "hardware header",
                               "hardware header length"};
    return type < names.size() ? names[type] : "";
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
