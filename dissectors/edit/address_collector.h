// Gathers the places of one layer's addresses, told by their distance from its start.
#pragma once

#include <algorithm>
#include <cstddef>

#include "dissectors/edit/address_places.h"
#include "dissectors/region.h"

namespace tapdeck {

class AddressCollector {
 public:
  using Kind = AddressPlace::Kind;
  static constexpr std::size_t mac_octets = 6;

  AddressCollector(const Dissection& dissection, const Layer& layer, AddressPlaces& places)
      : x_region(dissection.region_of(layer)), x_layer(layer), x_places(places) {}

  void add(Kind kind, std::size_t at) {
    const std::size_t octets = kind == Kind::mac ? mac_octets : kind == Kind::ipv4 ? 4 : 16;
    if (x_region.holds(at + octets)) {
      x_places.known.push_back({kind, x_layer.offset + static_cast<std::uint32_t>(at)});
    } else if (kind != Kind::mac) {
      end_at(at);
    }
  }

  /// From there on nobody can tell what is an address.
  void end_at(std::size_t at) {
    x_places.readable = std::min(x_places.readable, x_layer.offset + at);
  }

  /// Header and payload.
  [[nodiscard]] const Region& region() const { return x_region; }
  /// The header alone, as far as captured.
  [[nodiscard]] Bytes header() const { return x_region.limited_to(header_octets()).bytes; }
  /// As declared.
  [[nodiscard]] std::size_t header_octets() const { return x_layer.header_length; }

 private:
  Region x_region;
  const Layer& x_layer;
  AddressPlaces& x_places;
};

}  // namespace tapdeck
