// MACsec (IEEE 802.1AE §9): a security tag before an EtherType that is readable where frames are
// authenticated only, and encrypted otherwise.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/ethernet.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Macsec {
 public:
  static constexpr std::string_view name = "macsec";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ether_type(0x88e5)};
  static constexpr std::size_t shortest_header = 6;
  static constexpr std::size_t channel_octets = 8;
  static constexpr std::size_t check_value_octets = 16;  ///< At the frame's end.

  /// Requires: region.holds(shortest_header).
  explicit Macsec(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] bool has_channel() const { return (read_octet(x_bytes, 0) & 0x20U) != 0; }
  [[nodiscard]] bool is_readable() const { return (read_octet(x_bytes, 0) & 0x0cU) == 0; }
  [[nodiscard]] std::uint8_t association() const { return read_octet(x_bytes, 0) & 3U; }
  /// Octets of what is protected if fewer than 48, else 0 (§9.7).
  [[nodiscard]] std::uint8_t short_length() const { return read_octet(x_bytes, 1) & 0x3fU; }
  [[nodiscard]] std::uint32_t packet_number() const {
    return read_big_endian<std::uint32_t>(x_bytes, 2);
  }
  /// Octets of the tag; a readable frame's EtherType not counted.
  [[nodiscard]] std::size_t tag_length() const {
    return shortest_header + (has_channel() ? channel_octets : 0);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const Macsec header(region);
    const std::size_t tag = header.tag_length();
    const std::size_t length = tag + (header.is_readable() ? 2 : 0);
    if (!region.holds(length)) return Step::too_short(region, length);
    Region rest = region.after(tag);
    rest = rest.limited_to(rest.length - std::min(rest.length, check_value_octets));
    if (header.short_length() != 0) rest = rest.limited_to(header.short_length());
    if (!header.is_readable()) {
      return {.header_length = static_cast<std::uint32_t>(length), .payload = rest};
    }
    return Ethernet::step_into(static_cast<std::uint32_t>(length), rest.after(2),
                               read_big_endian<std::uint16_t>(region.bytes, tag));
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Macsec header(dissection.region_of(layer));
    sink.add("association", 0, 1, std::uint64_t{header.association()});
    sink.add("short_length", 1, 1, std::uint64_t{header.short_length()});
    sink.add("packet_number", 2, 4, std::uint64_t{header.packet_number()});
    if (header.has_channel()) {
      sink.add("channel", shortest_header, channel_octets,
               std::uint64_t{read_big_endian<std::uint64_t>(header.x_bytes, shortest_header)});
    }
    if (!header.is_readable()) return;
    const std::size_t tag = header.tag_length();
    Ethernet::describe_type_or_length(read_big_endian<std::uint16_t>(header.x_bytes, tag), tag,
                                      sink);
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
