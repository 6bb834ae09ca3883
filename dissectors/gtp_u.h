// GTP-U version 1 (3GPP TS 29.281 §5): users' packets between the nodes of a mobile network.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class GtpU {
 public:
  static constexpr std::string_view name = "gtp_u";
  static constexpr Role role = Role::tunnel;
  static constexpr std::array attaches_to{by_udp_port(2152)};
  static constexpr std::size_t shortest_header = 8;
  static constexpr std::size_t optional_octets = 4;
  static constexpr std::uint8_t user_packet = 255;  ///< A G-PDU.
  /// Whoever receives a packet chose its endpoint identifier: the two directions of a flow differ.
  static constexpr bool id_is_one_way = true;

  /// Requires: region.holds(shortest_header).
  explicit GtpU(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t flags() const { return read_octet(x_bytes, 0); }
  [[nodiscard]] std::uint8_t message_type() const { return read_octet(x_bytes, 1); }
  /// Octets behind the first eight.
  [[nodiscard]] std::uint16_t length() const { return read_big_endian<std::uint16_t>(x_bytes, 2); }
  /// The tunnel endpoint identifier.
  [[nodiscard]] std::uint32_t teid() const { return read_big_endian<std::uint32_t>(x_bytes, 4); }
  /// Sequence number, N-PDU number and type of extension are there if any one of them is used.
  [[nodiscard]] bool has_optional_fields() const { return (flags() & 0x07U) != 0; }
  [[nodiscard]] bool has_extensions() const { return (flags() & 0x04U) != 0; }

  static std::optional<std::uint64_t> tunnel_id(Region region) { return GtpU(region).teid(); }

  static Step parse(Region region, const ParseContext& context);
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  struct Extent {
    bool complete = false;   ///< Else the octets before `length` are needed to go on.
    std::size_t length = 0;  ///< Of the header, extensions included.
  };
  /// Walks the extension headers (§5.2.1).
  static Extent extent_of(Region region);

  Bytes x_bytes;
};

}  // namespace tapdeck
