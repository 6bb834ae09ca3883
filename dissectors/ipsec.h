// IPsec: the authentication header (RFC 4302), behind which the packet goes on in the clear, and
// ESP (RFC 4303), behind which it doesn't.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/numbers.h"
#include "dissectors/octets.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class AuthenticationHeader {
 public:
  static constexpr std::string_view name = "ah";
  static constexpr Role role = Role::extension;
  static constexpr std::array attaches_to{by_ip_protocol(51)};
  static constexpr std::size_t shortest_header = 12;

  /// Requires: region.holds(shortest_header).
  explicit AuthenticationHeader(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t next_header() const { return read_octet(x_bytes, 0); }
  /// Octets; the field counts 32-bit words less two (§2.2).
  [[nodiscard]] std::size_t header_length() const { return (read_octet(x_bytes, 1) + 2U) * 4U; }
  [[nodiscard]] std::uint32_t security_parameters_index() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4);
  }
  [[nodiscard]] std::uint32_t sequence_number() const {
    return read_big_endian<std::uint32_t>(x_bytes, 8);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const AuthenticationHeader header(region);
    const std::size_t length = header.header_length();
    if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
    if (!region.holds(length)) return Step::too_short(region, length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = by_ip_protocol(header.next_header())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const AuthenticationHeader header(dissection.region_of(layer));
    const std::size_t check_value = header.header_length() - shortest_header;
    sink.add("next_header", 0, 1, std::uint64_t{header.next_header()},
             ip_protocol_name(header.next_header()));
    sink.add("header_length", 1, 1, std::uint64_t{header.header_length()});
    sink.add("reserved", 2, 2, std::uint64_t{read_big_endian<std::uint16_t>(header.x_bytes, 2)});
    sink.add("security_parameters_index", 4, 4, std::uint64_t{header.security_parameters_index()});
    sink.add("sequence_number", 8, 4, std::uint64_t{header.sequence_number()});
    sink.add("integrity_check_value", shortest_header, check_value,
             octets_as_hex(header.x_bytes.subspan(shortest_header, check_value)));
  }

 private:
  Bytes x_bytes;
};

class Esp {
 public:
  static constexpr std::string_view name = "esp";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ip_protocol(50)};
  static constexpr std::size_t header_octets = 8;

  /// Requires: region.holds(header_octets).
  explicit Esp(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint32_t security_parameters_index() const {
    return read_big_endian<std::uint32_t>(x_bytes, 0);
  }
  [[nodiscard]] std::uint32_t sequence_number() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return {.header_length = header_octets, .payload = region.after(header_octets)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Esp header(dissection.region_of(layer));
    sink.add("security_parameters_index", 0, 4, std::uint64_t{header.security_parameters_index()});
    sink.add("sequence_number", 4, 4, std::uint64_t{header.sequence_number()},
             "the rest is encrypted");
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
