// DCCP (RFC 4340 §5.1): the generic header.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Dccp {
 public:
  static constexpr std::string_view name = "dccp";
  static constexpr Role role = Role::transport;
  static constexpr std::array attaches_to{by_ip_protocol(33)};
  static constexpr std::size_t shortest_header = 12;

  /// Requires: region.holds(shortest_header).
  explicit Dccp(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t source_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0);
  }
  [[nodiscard]] std::uint16_t destination_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  /// Octets, a multiple of 4: header, numbers and options.
  [[nodiscard]] std::size_t data_offset() const { return read_octet(x_bytes, 4) * std::size_t{4}; }
  [[nodiscard]] std::uint8_t type() const { return read_octet(x_bytes, 8) >> 1U & 0x0fU; }
  [[nodiscard]] bool has_extended_sequence_number() const {
    return (read_octet(x_bytes, 8) & 1U) != 0;
  }

  static Step parse(Region region, const ParseContext& context) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const std::size_t length = Dccp(region).data_offset();
    if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
    if (region.length < length && !context.may_be_cut) {
      return Step::fault(FaultKind::bad_length, length);
    }
    return {.header_length = static_cast<std::uint32_t>(length), .payload = region.after(length)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
