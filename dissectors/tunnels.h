// Which tunnels and VLANs a packet went through on its way to the innermost network header: what
// joins a flow's key, and what a report says of a connection.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>

#include "dissectors/dissection.h"

namespace tapdeck {

struct TunnelId {
  /// Of the tunnel's header. IP in IP has none: the inner header's (ipv6 for 6in4).
  ProtocolId protocol = 0;
  /// The receiver chose the id, as an MPLS router does: the directions of one flow differ, so the
  /// id must not tell flows apart.
  bool one_way = false;
  std::optional<std::uint64_t> id{};

  friend auto operator<=>(const TunnelId&, const TunnelId&) = default;
};

/// As many values as a packet can have layers, without memory of its own.
template <class T>
class LayerList {
 public:
  /// Requires: fewer than Dissection::max_layers were added.
  void add(const T& value) { x_values[x_count++] = value; }
  [[nodiscard]] std::span<const T> values() const& { return std::span(x_values).first(x_count); }
  std::span<const T> values() const&& = delete;  // would outlive the list in a range-for

  [[nodiscard]] const T* begin() const { return x_values.data(); }
  [[nodiscard]] const T* end() const { return x_values.data() + x_count; }

 private:
  std::array<T, Dissection::max_layers> x_values{};
  std::size_t x_count = 0;
};

/// Outermost first: the tunnels above the innermost network header that isn't quoted, and an entry
/// for a network header right inside another. Worth asking where `tunnel_layers` isn't 0 or there
/// is more than one network header.
[[nodiscard]] LayerList<TunnelId> tunnels_of(const Dissection& dissection);

/// A number that differs where the ids of those tunnels do (but for one chance in 2^64), and is the
/// same in both directions: ids that the receiver chose don't count. 0 without any.
[[nodiscard]] std::uint64_t fingerprint_of_tunnels(const Dissection& dissection);

/// Outermost first: the VLAN ids of the tags above that header. Worth asking if `has_vlan`.
[[nodiscard]] LayerList<std::uint16_t> vlan_ids_of(const Dissection& dissection);

}  // namespace tapdeck
