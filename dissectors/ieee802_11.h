// 802.11 MAC frames (IEEE 802.11 §9.2). Data frames lead on to LLC; management, control and
// protected frames end here, named. A piece of a fragmented frame ends here too.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Ieee80211 {
 public:
  static constexpr std::string_view name = "ieee802_11";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::ieee802_11), by(InnerHeader::ieee802_11),
                                          by(InnerHeader::ieee802_11_padded)};

  enum class Type : std::uint8_t { management, control, data, extension };
  static constexpr std::size_t shortest_header = 10;  ///< An acknowledgement.

  /// Requires: region.holds(shortest_header), and header_length() for what its kind of frame has.
  explicit Ieee80211(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] Type type() const { return static_cast<Type>(read_octet(x_bytes, 0) >> 2U & 3U); }
  [[nodiscard]] std::uint8_t subtype() const { return read_octet(x_bytes, 0) >> 4U; }
  [[nodiscard]] bool to_ds() const { return has_flag(0x01); }
  [[nodiscard]] bool from_ds() const { return has_flag(0x02); }
  [[nodiscard]] bool more_fragments() const { return has_flag(0x04); }
  [[nodiscard]] bool is_retry() const { return has_flag(0x08); }
  [[nodiscard]] bool is_protected() const { return has_flag(0x40); }
  [[nodiscard]] std::uint16_t duration() const {
    return read_little_endian<std::uint16_t>(x_bytes, 2);
  }
  /// `number` 1 to 4; those above 1 only where the kind of frame has them.
  [[nodiscard]] MacAddress address(int number) const {
    constexpr std::array<std::size_t, 4> offsets{4, 10, 16, 24};
    return MacAddress::read(x_bytes, offsets[static_cast<std::size_t>(number - 1)]);
  }
  [[nodiscard]] std::uint16_t sequence_number() const { return sequence_control() >> 4U; }
  [[nodiscard]] std::uint8_t fragment_number() const { return sequence_control() & 0x0fU; }

  [[nodiscard]] bool has_four_addresses() const {
    return type() == Type::data && to_ds() && from_ds();
  }
  [[nodiscard]] bool has_qos() const { return type() == Type::data && (subtype() & 8U) != 0; }
  /// Four octets at the end of the header, where the order flag can have no other meaning.
  [[nodiscard]] bool has_high_throughput_control() const {
    return has_flag(0x80) && (type() == Type::management || has_qos());
  }
  /// Carries several packets, each behind a header of its own.
  [[nodiscard]] bool is_aggregate() const {
    return has_qos() && (read_octet(x_bytes, has_four_addresses() ? 30 : 24) & 0x80U) != 0;
  }
  [[nodiscard]] std::size_t header_length() const;
  /// A data frame with a whole, readable packet in it.
  [[nodiscard]] bool carries_packet() const {
    constexpr std::uint8_t no_data = 4;
    return type() == Type::data && (subtype() & no_data) == 0 && !is_protected() &&
           !more_fragments() && fragment_number() == 0;
  }

  static Step parse(Region region, const ParseContext& context);
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  [[nodiscard]] bool has_flag(std::uint8_t flag) const {
    return (read_octet(x_bytes, 1) & flag) != 0;
  }
  /// What headers of three addresses and more have behind the second.
  void describe_rest(FieldSink& sink) const;
  [[nodiscard]] std::uint16_t sequence_control() const {
    return read_little_endian<std::uint16_t>(x_bytes, 22);
  }

  Bytes x_bytes;
};

/// The first packet of an aggregate (A-MSDU, §9.3.2.2.2); the others are left as its payload's
/// rest.
class Ieee80211Subframe {
 public:
  static constexpr std::string_view name = "ieee802_11_subframe";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(InnerHeader::ieee802_11_subframe)};
  static constexpr std::size_t header_octets = 14;

  /// Requires: region.holds(header_octets).
  explicit Ieee80211Subframe(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] MacAddress destination() const { return MacAddress::read(x_bytes, 0); }
  [[nodiscard]] MacAddress source() const { return MacAddress::read(x_bytes, 6); }
  [[nodiscard]] std::uint16_t length() const { return read_big_endian<std::uint16_t>(x_bytes, 12); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const std::size_t length = Ieee80211Subframe(region).length();
    return {.header_length = header_octets,
            .payload = region.after(header_octets).limited_to(length),
            .next = by(InnerHeader::llc)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Ieee80211Subframe header(dissection.region_of(layer));
    sink.add("destination", 0, 6, to_string(header.destination()));
    sink.add("source", 6, 6, to_string(header.source()));
    sink.add("length", 12, 2, std::uint64_t{header.length()});
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
