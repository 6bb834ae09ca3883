// The address resolution protocol (RFC 826, RFC 5227) and its reverse (RFC 903).
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

/// What ar$op says (IANA "Address Resolution Protocol (ARP) Parameters").
struct ArpOperation {
  static constexpr std::uint16_t request = 1, reply = 2, reverse_request = 3, reverse_reply = 4,
                                 inverse_request = 8, inverse_reply = 9;
};

class Arp {
 public:
  static constexpr std::string_view name = "arp";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ether_type(0x0806)};
  static constexpr std::size_t fixed_octets = 8;

  /// Requires: region.holds(fixed_octets).
  explicit Arp(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t hardware_type() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0);
  }
  /// An EtherType.
  [[nodiscard]] std::uint16_t protocol_type() const {
    return read_big_endian<std::uint16_t>(x_bytes, 2);
  }
  [[nodiscard]] std::uint8_t hardware_length() const { return read_octet(x_bytes, 4); }
  [[nodiscard]] std::uint8_t protocol_length() const { return read_octet(x_bytes, 5); }
  [[nodiscard]] std::uint16_t operation() const {
    return read_big_endian<std::uint16_t>(x_bytes, 6);
  }

  /// Octets of the whole message: two pairs of addresses follow the fixed part.
  [[nodiscard]] std::size_t message_length() const {
    return fixed_octets + 2 * (std::size_t{hardware_length()} + protocol_length());
  }

  /// Offsets of the addresses.
  [[nodiscard]] static std::size_t sender_hardware_at() { return fixed_octets; }
  [[nodiscard]] std::size_t sender_protocol_at() const { return fixed_octets + hardware_length(); }
  [[nodiscard]] std::size_t target_hardware_at() const {
    return sender_protocol_at() + protocol_length();
  }
  [[nodiscard]] std::size_t target_protocol_at() const {
    return target_hardware_at() + hardware_length();
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(fixed_octets)) return Step::too_short(region, fixed_octets);
    const std::size_t length = Arp(region).message_length();
    if (region.length < length) return Step::fault(FaultKind::bad_length, length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.limited_to(length).after(length)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

/// The same message under an EtherType of its own: a host asks for its own address.
class Rarp : public Arp {
 public:
  static constexpr std::string_view name = "rarp";
  static constexpr std::array attaches_to{by_ether_type(0x8035)};
};

}  // namespace tapdeck
