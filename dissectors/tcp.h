// TCP (RFC 9293 §3.1): the header as a view; tcp_options.h reads what follows it.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

/// The control bits of RFC 9293 §3.1 and RFC 3168, as the header's low octet holds them.
struct TcpFlags {
  static constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10,
                                urg = 0x20, ece = 0x40, cwr = 0x80;
};

class Tcp {
 public:
  static constexpr std::string_view name = "tcp";
  static constexpr Role role = Role::transport;
  static constexpr std::array attaches_to{by_ip_protocol(6)};
  static constexpr std::size_t shortest_header = 20;
  /// What an ICMP error must quote at least (RFC 792): the ports and the sequence number.
  static constexpr std::uint32_t quoted_octets = 8;

  /// Requires: region.holds(shortest_header), or quoted_octets for the first three fields alone.
  explicit Tcp(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t source_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0);
  }
  [[nodiscard]] std::uint16_t destination_port() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  [[nodiscard]] std::uint32_t sequence_number() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4);
  }
  [[nodiscard]] std::uint32_t acknowledgment_number() const {
    return read_big_endian<std::uint32_t>(x_bytes, 8);
  }
  /// Octets, options included.
  [[nodiscard]] std::uint8_t header_length() const {
    return static_cast<std::uint8_t>((read_octet(x_bytes, 12) >> 4U) * 4U);
  }
  /// The three reserved bits and the one that AccECN uses (RFC 9768), in the order of the header.
  [[nodiscard]] std::uint8_t reserved_bits() const {
    return static_cast<std::uint8_t>(read_octet(x_bytes, 12) & 0x0fU);
  }
  [[nodiscard]] std::uint8_t flags() const { return read_octet(x_bytes, 13); }
  /// As in the header, not scaled.
  [[nodiscard]] std::uint16_t window_field() const {
    return read_big_endian<std::uint16_t>(x_bytes, 14);
  }
  [[nodiscard]] std::uint16_t checksum() const {
    return read_big_endian<std::uint16_t>(x_bytes, 16);
  }
  [[nodiscard]] std::uint16_t urgent_pointer() const {
    return read_big_endian<std::uint16_t>(x_bytes, 18);
  }
  /// What the capture holds of the options.
  [[nodiscard]] Bytes options() const {
    const std::size_t end = std::min<std::size_t>(header_length(), x_bytes.size());
    return x_bytes.subspan(shortest_header, end - std::min(end, shortest_header));
  }

  static Step parse(Region region, const ParseContext& context) {
    if (context.may_be_cut && region.holds(quoted_octets) && !region.holds(shortest_header)) {
      return {.header_length = quoted_octets, .payload = region.after(quoted_octets)};
    }
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const std::size_t length = Tcp(region).header_length();
    if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
    if (region.length < length && !context.may_be_cut)
      return Step::fault(FaultKind::bad_length, length);
    return {.header_length = static_cast<std::uint32_t>(length), .payload = region.after(length)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
