// IPv4 (RFC 791): header, options, and where the payload ends whatever the frame holds.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Ipv4 {
 public:
  static constexpr std::string_view name = "ipv4";
  static constexpr Role role = Role::network;
  static constexpr std::array attaches_to{by(LinkType::ipv4), by_ether_type(0x0800), by_ppp(0x0021),
                                          by_ip_protocol(4), by_llc_sap(0x06)};
  static constexpr std::size_t shortest_header = 20;

  /// Requires: region.holds(shortest_header).
  explicit Ipv4(Region region) : x_bytes(region.bytes), x_length(region.length) {}

  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 0) >> 4U; }
  /// Octets, a multiple of 4.
  [[nodiscard]] std::uint8_t header_length() const {
    return static_cast<std::uint8_t>((read_octet(x_bytes, 0) & 0x0fU) * 4U);
  }
  [[nodiscard]] std::uint8_t type_of_service() const { return read_octet(x_bytes, 1); }
  [[nodiscard]] std::uint16_t total_length() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  [[nodiscard]] std::uint16_t identification() const {
    return read_big_endian<std::uint16_t>(x_bytes, 4);
  }
  /// The reserved bit, DF and MF, in the order of the header.
  [[nodiscard]] std::uint8_t flag_bits() const { return read_octet(x_bytes, 6) >> 5U; }
  [[nodiscard]] bool reserved_flag() const { return (read_octet(x_bytes, 6) & 0x80U) != 0; }
  [[nodiscard]] bool dont_fragment() const { return (read_octet(x_bytes, 6) & 0x40U) != 0; }
  [[nodiscard]] bool more_fragments() const { return (read_octet(x_bytes, 6) & 0x20U) != 0; }
  /// Octets, a multiple of 8.
  [[nodiscard]] std::uint32_t fragment_offset() const {
    return (read_big_endian<std::uint16_t>(x_bytes, 6) & 0x1fffU) * 8U;
  }
  [[nodiscard]] std::uint8_t time_to_live() const { return read_octet(x_bytes, 8); }
  [[nodiscard]] std::uint8_t protocol() const { return read_octet(x_bytes, 9); }
  [[nodiscard]] std::uint16_t header_checksum() const {
    return read_big_endian<std::uint16_t>(x_bytes, 10);
  }
  [[nodiscard]] IpAddress source() const { return IpAddress::read_v4(x_bytes, 12); }
  [[nodiscard]] IpAddress destination() const { return IpAddress::read_v4(x_bytes, 16); }
  [[nodiscard]] bool is_fragment() const { return more_fragments() || fragment_offset() != 0; }

  /// A length of zero stands where segmentation offload left the field to the interface: the frame
  /// then says how long the datagram is.
  [[nodiscard]] std::size_t datagram_length() const {
    return total_length() == 0 ? x_length : total_length();
  }

  static Step parse(Region region, const ParseContext& context);
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
  std::size_t x_length;
};

inline Step Ipv4::parse(Region region, const ParseContext& context) {
  if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
  const Ipv4 header(region);
  // Rewritten frames may have the other version's EtherType: the header itself is right.
  if (header.version() == 6) return Step::redirect(by_ether_type(0x86dd));
  if (header.version() != 4) return Step::fault(FaultKind::bad_version, 4);
  const std::size_t length = header.header_length();
  if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
  if (header.datagram_length() < length) return Step::fault(FaultKind::bad_length, length);
  const bool fragment = header.is_fragment() && !context.quoted;
  // The header's word counts, also where the frame is shorter: quoted packets are legally cut
  // (RFC 792), and converters clip the frame's length but leave the header alone.
  const Region datagram{region.limited_to(header.datagram_length()).bytes,
                        header.datagram_length()};
  const bool later_fragment = header.fragment_offset() != 0;
  return {.outcome = fragment ? Step::Outcome::fragment : Step::Outcome::header,
          .header_length = static_cast<std::uint32_t>(length),
          .payload = datagram.after(length),
          .next = later_fragment && !fragment ? Selector{} : by_ip_protocol(header.protocol()),
          .fragment = {.identification = header.identification(),
                       .offset = header.fragment_offset(),
                       .more = header.more_fragments(),
                       .protocol = header.protocol()}};
}

}  // namespace tapdeck
