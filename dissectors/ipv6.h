// IPv6 (RFC 8200 §3): the fixed header. Extension headers are dissectors of their own.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Ipv6 {
 public:
  static constexpr std::string_view name = "ipv6";
  static constexpr Role role = Role::network;
  static constexpr std::array attaches_to{by(LinkType::ipv6), by_ether_type(0x86dd), by_ppp(0x0057),
                                          by_ip_protocol(41)};
  static constexpr std::size_t header_octets = 40;
  static constexpr std::size_t longest_payload = 65'535;

  /// Requires: region.holds(header_octets).
  explicit Ipv6(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 0) >> 4U; }
  [[nodiscard]] std::uint8_t traffic_class() const {
    return static_cast<std::uint8_t>(read_big_endian<std::uint16_t>(x_bytes, 0) >> 4U);
  }
  [[nodiscard]] std::uint32_t flow_label() const {
    return read_big_endian<std::uint32_t>(x_bytes, 0) & 0xfffffU;
  }
  [[nodiscard]] std::uint16_t payload_length() const {
    return read_big_endian<std::uint16_t>(x_bytes, 4);
  }
  [[nodiscard]] std::uint8_t next_header() const { return read_octet(x_bytes, 6); }
  [[nodiscard]] std::uint8_t hop_limit() const { return read_octet(x_bytes, 7); }
  [[nodiscard]] IpAddress source() const { return IpAddress::read_v6(x_bytes, 8); }
  [[nodiscard]] IpAddress destination() const { return IpAddress::read_v6(x_bytes, 24); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const Ipv6 header(region);
    // Rewritten frames may have the other version's EtherType: the header itself is right.
    if (header.version() == 4) return Step::redirect(by_ether_type(0x0800));
    if (header.version() != 6) return Step::fault(FaultKind::bad_version, 6);
    const Region rest = region.after(header_octets);
    // Zero before hop-by-hop options, where a jumbo payload's length stands (RFC 2675), and in what
    // no 16 bits could count (segmentation offload): the frame says how long it is.
    const bool jumbo = header.payload_length() == 0 &&
                       (header.next_header() == 0 || rest.length > longest_payload);
    const std::size_t payload_length = jumbo ? rest.length : header.payload_length();
    const Region payload{rest.limited_to(payload_length).bytes, payload_length};
    return {.header_length = header_octets,
            .payload = payload,
            .next = by_ip_protocol(header.next_header())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
