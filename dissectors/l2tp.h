// L2TP version 2 (RFC 2661 §3.1): PPP in UDP. Control messages end here.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class L2tp {
 public:
  static constexpr std::string_view name = "l2tp";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_udp_port(1701)};
  /// Whoever receives a packet chose its ids: the two directions of a flow differ.
  static constexpr bool id_is_one_way = true;

  /// Requires: region.holds(6), and fixed_length() for all fields.
  explicit L2tp(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] bool is_control() const { return has_flag(0x8000); }
  [[nodiscard]] bool has_length() const { return has_flag(0x4000); }
  [[nodiscard]] bool has_sequence() const { return has_flag(0x0800); }
  [[nodiscard]] bool has_offset() const { return has_flag(0x0200); }
  [[nodiscard]] std::uint8_t version() const { return read(0) & 0x0fU; }
  /// Octets of the message, header included. Requires: has_length().
  [[nodiscard]] std::uint16_t length() const { return read(2); }
  [[nodiscard]] std::uint16_t tunnel() const { return read(ids_at()); }
  [[nodiscard]] std::uint16_t session() const { return read(ids_at() + 2); }
  /// Octets before the padding that the offset field declares.
  [[nodiscard]] std::size_t fixed_length() const {
    return ids_at() + 4 + (has_sequence() ? 4U : 0U) + (has_offset() ? 2U : 0U);
  }
  /// Requires: the region holds fixed_length().
  [[nodiscard]] std::size_t header_length() const {
    return fixed_length() + (has_offset() ? read(fixed_length() - 2) : 0U);
  }

  /// Tunnel and session, each 16 bits.
  static std::optional<std::uint64_t> tunnel_id(Region region) {
    const L2tp header(region);
    return std::uint64_t{header.tunnel()} << 16U | header.session();
  }

  static Step parse(Region region, const ParseContext& context) {
    constexpr std::size_t shortest_header = 6;
    constexpr std::uint16_t reserved = 0x34f0;
    if (region.length < shortest_header) return Step::not_mine();
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const L2tp header(region);
    if (header.version() != 2 || (header.read(0) & reserved) != 0) return Step::not_mine();
    const std::size_t fixed = header.fixed_length();
    if (region.length < fixed) return Step::not_mine();
    if (!region.holds(fixed)) return Step::too_short(region, fixed);
    const std::size_t length = header.header_length();
    if (region.length < length) return Step::not_mine();
    const bool fits = header.length() <= region.length || context.in_first_fragment();
    if (header.has_length() && (header.length() < length || !fits)) return Step::not_mine();
    if (!region.holds(length)) return Step::too_short(region, length);
    const Region message = header.has_length() ? region.limited_to(header.length()) : region;
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = message.after(length),
            .next = header.is_control() ? Selector{} : by(InnerHeader::ppp_frame)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const L2tp header(dissection.region_of(layer));
    sink.add("flags_and_version", 0, 2, std::uint64_t{header.read(0)},
             header.is_control() ? "control message" : "data message");
    if (header.has_length()) sink.add("length", 2, 2, std::uint64_t{header.length()});
    FieldCursor cursor(dissection.header_of(layer).bytes, sink, header.ids_at());
    cursor.number<std::uint16_t>("tunnel");
    cursor.number<std::uint16_t>("session");
    if (header.has_sequence()) {
      cursor.number<std::uint16_t>("sequence_number");
      cursor.number<std::uint16_t>("expected_sequence_number");
    }
    if (!header.has_offset()) return;
    cursor.number<std::uint16_t>("offset_size");
    cursor.octets("offset_padding", cursor.left());
  }

 private:
  [[nodiscard]] bool has_flag(std::uint16_t flag) const { return (read(0) & flag) != 0; }
  [[nodiscard]] std::size_t ids_at() const { return has_length() ? 4 : 2; }
  [[nodiscard]] std::uint16_t read(std::size_t at) const {
    return read_big_endian<std::uint16_t>(x_bytes, at);
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
