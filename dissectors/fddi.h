// FDDI (ISO 9314-2, RFC 1188): frame control, two addresses, and an LLC header in LLC frames.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Fddi {
 public:
  static constexpr std::string_view name = "fddi";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::fddi)};
  static constexpr std::size_t header_octets = 13;

  /// Requires: region.holds(header_octets).
  explicit Fddi(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t frame_control() const { return read_octet(x_bytes, 0); }
  /// Asynchronous LLC frames, of any priority.
  [[nodiscard]] bool holds_llc() const { return (frame_control() & 0xf0U) == 0x50; }
  /// As captured: some adapters leave the bits of each octet in the order of the ring.
  [[nodiscard]] MacAddress destination() const { return MacAddress::read(x_bytes, 1); }
  [[nodiscard]] MacAddress source() const { return MacAddress::read(x_bytes, 7); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = Fddi(region).holds_llc() ? by(InnerHeader::llc) : Selector{}};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const Fddi header(dissection.region_of(layer));
    sink.add("frame_control", 0, 1, std::uint64_t{header.frame_control()},
             header.holds_llc() ? "LLC" : "token, MAC or SMT frame");
    sink.add("destination", 1, 6, to_string(header.destination()));
    sink.add("source", 7, 6, to_string(header.source()));
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
