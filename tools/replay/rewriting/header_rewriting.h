// The rules that look at each header by itself, on every header of a frame: around a tunnel, inside
// it, and in the packet that an ICMP error quotes.
#pragma once

#include "dissectors/edit/address_places.h"
#include "dissectors/edit/frame_edit.h"
#include "tools/replay/rewriting/header_maps.h"

namespace tapdeck {

class HeaderRewriting {
 public:
  explicit HeaderRewriting(const RewriteRules& rules)
      : x_maps(rules), x_hop_limit(rules.hop_limit) {}

  void apply(FrameEdit& edit);

  /// Octets of the packet rewritten last in which no address was overlooked. Requires: there are
  /// rules for addresses.
  [[nodiscard]] std::size_t readable_octets() const { return x_places.readable; }

 private:
  void map_addresses(FrameEdit& edit, const Layer& layer);
  void map_ports(FrameEdit& edit, const Layer& layer) const;
  void map_places(FrameEdit& edit);
  void set_frame_macs(FrameEdit& edit) const;
  void change_hop_limit(FrameEdit& edit) const;

  HeaderMaps x_maps;
  std::optional<HopLimitRule> x_hop_limit;
  AddressPlaces x_places;
};

}  // namespace tapdeck
