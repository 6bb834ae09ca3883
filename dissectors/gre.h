// GRE (RFC 2784, RFC 2890), and the variants that carry PPP (version 1, RFC 2637) and virtual
// networks (NVGRE, RFC 7637), and GRE in UDP (RFC 8086).
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Gre {
 public:
  static constexpr std::string_view name = "gre";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_ip_protocol(47), by_udp_port(4754)};
  static constexpr std::size_t shortest_header = 4;

  static constexpr std::uint16_t ethernet = 0x6558, erspan = 0x88be, eoip = 0x6400;

  /// Requires: region.holds(shortest_header), and header_length() for the optional fields.
  explicit Gre(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] bool has_checksum() const { return has_flag(0x8000); }
  [[nodiscard]] bool has_routing() const { return has_flag(0x4000); }  ///< RFC 1701 only.
  [[nodiscard]] bool has_key() const { return has_flag(0x2000); }
  [[nodiscard]] bool has_sequence_number() const { return has_flag(0x1000); }
  [[nodiscard]] bool has_acknowledgment() const { return version() == 1 && has_flag(0x0080); }
  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 1) & 7U; }
  [[nodiscard]] std::uint16_t protocol() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  [[nodiscard]] std::size_t header_length() const {
    return acknowledgment_offset() + (has_acknowledgment() ? 4U : 0U);
  }
  /// Version 1 splits it: the payload's length, the call that the receiver gave a number.
  [[nodiscard]] std::uint32_t key() const {
    return read_big_endian<std::uint32_t>(x_bytes, key_offset());
  }
  [[nodiscard]] std::uint16_t payload_length() const {
    return static_cast<std::uint16_t>(key() >> 16U);
  }
  [[nodiscard]] std::uint16_t call_id() const { return static_cast<std::uint16_t>(key()); }
  /// MikroTik's Ethernet over IP: version 1 with the tunnel's id, little-endian, for the call.
  [[nodiscard]] bool is_eoip() const { return version() == 1 && protocol() == eoip; }
  [[nodiscard]] std::uint32_t sequence_number() const {
    return read_big_endian<std::uint32_t>(x_bytes, sequence_offset());
  }
  [[nodiscard]] std::uint32_t acknowledgment_number() const {
    return read_big_endian<std::uint32_t>(x_bytes, acknowledgment_offset());
  }
  /// The key holds a virtual subnet and a hash over the flow (RFC 7637 §3.2): told from an ordinary
  /// key by the subnet's range, which begins at 4096.
  [[nodiscard]] bool is_nvgre() const {
    constexpr std::uint32_t first_subnet = 0x1000;
    return version() == 0 && protocol() == ethernet && has_key() && !has_checksum() &&
           !has_sequence_number() && key() >> 8U >= first_subnet;
  }

  /// The key, the virtual subnet, or the call of version 1, which is another one in each direction.
  static std::optional<std::uint64_t> tunnel_id(Region region);
  static bool id_is_one_way_in(Region region) {
    return Gre(region).version() == 1 && !Gre(region).is_eoip();
  }

  static Step parse(Region region, const ParseContext& context);
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  [[nodiscard]] bool has_flag(std::uint16_t flag) const {
    return (read_big_endian<std::uint16_t>(x_bytes, 0) & flag) != 0;
  }
  [[nodiscard]] std::size_t key_offset() const {
    return shortest_header + (has_checksum() || has_routing() ? 4U : 0U);
  }
  [[nodiscard]] std::size_t sequence_offset() const { return key_offset() + (has_key() ? 4U : 0U); }
  [[nodiscard]] std::size_t acknowledgment_offset() const {
    return sequence_offset() + (has_sequence_number() ? 4U : 0U);
  }
  [[nodiscard]] Selector selector() const;
  /// Of version 1, whose key holds the payload's length.
  [[nodiscard]] Selector keyed_selector() const;
  /// In UDP only a convention says that this is GRE: no reserved bit set, and an EtherType.
  [[nodiscard]] bool is_plausible() const;

  Bytes x_bytes;
};

}  // namespace tapdeck
