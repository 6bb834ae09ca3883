// The IPv6 fragment header (RFC 8200 §4.5). Atomic fragments (RFC 6946) are whole packets.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class FragmentHeader {
 public:
  static constexpr std::string_view name = "fragment";
  static constexpr Role role = Role::extension;
  static constexpr std::array attaches_to{by_ip_protocol(44)};
  static constexpr std::size_t header_octets = 8;

  /// Requires: region.holds(header_octets).
  explicit FragmentHeader(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t next_header() const { return read_octet(x_bytes, 0); }
  /// Octets, a multiple of 8.
  [[nodiscard]] std::uint32_t fragment_offset() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2) & 0xfff8U;
  }
  [[nodiscard]] bool more_fragments() const { return (read_octet(x_bytes, 3) & 1U) != 0; }
  [[nodiscard]] std::uint32_t identification() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4);
  }
  [[nodiscard]] bool is_fragment() const { return more_fragments() || fragment_offset() != 0; }

  static Step parse(Region region, const ParseContext& context) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const FragmentHeader header(region);
    const bool fragment = header.is_fragment() && !context.quoted;
    const bool begins = header.fragment_offset() == 0;
    return {.outcome = fragment ? Step::Outcome::fragment : Step::Outcome::header,
            .header_length = header_octets,
            .payload = region.after(header_octets),
            .next = begins || fragment ? by_ip_protocol(header.next_header()) : Selector{},
            .fragment = {.identification = header.identification(),
                         .offset = header.fragment_offset(),
                         .more = header.more_fragments(),
                         .protocol = header.next_header()}};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
