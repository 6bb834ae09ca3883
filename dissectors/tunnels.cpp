#include "dissectors/tunnels.h"

#include "dissectors/registry.h"

namespace tapdeck {
namespace {

using ReadTunnel = TunnelId (*)(ProtocolId, Region);

template <class D>
TunnelId read_tunnel(ProtocolId protocol, Region header) {
  TunnelId tunnel{.protocol = protocol};
  if constexpr (requires { D::tunnel_id(header); }) tunnel.id = D::tunnel_id(header);
  if constexpr (requires { D::id_is_one_way; }) tunnel.one_way = D::id_is_one_way;
  if constexpr (requires { D::id_is_one_way_in(header); }) {
    tunnel.one_way = D::id_is_one_way_in(header);
  }
  return tunnel;
}

template <DissectorType... D>
consteval auto tunnel_readers(DissectorList<D...>) {
  return std::array<ReadTunnel, sizeof...(D)>{
      (D::role == Role::tunnel ? &read_tunnel<D> : nullptr)...};
}

constexpr auto readers = tunnel_readers(Dissectors{});

/// The layers above the innermost network header.
std::span<const Layer> outer_layers(const Dissection& dissection) {
  return dissection.network == Dissection::no_layer
             ? std::span<const Layer>{}
             : dissection.all_layers().first(dissection.network);
}

}  // namespace

LayerList<TunnelId> tunnels_of(const Dissection& dissection) {
  LayerList<TunnelId> tunnels;
  bool directly_in_network = false;
  const auto visit = [&](const Layer& layer) {
    switch (role_of(layer.protocol)) {
      case Role::network:
        if (directly_in_network) tunnels.add({.protocol = layer.protocol});
        directly_in_network = true;
        break;
      case Role::tunnel:
        tunnels.add(readers[layer.protocol](layer.protocol, dissection.region_of(layer)));
        directly_in_network = false;
        break;
      case Role::link:
      case Role::tag:
      case Role::extension:
      case Role::transport:
      case Role::other:
        break;
    }
  };
  for (const Layer& layer : outer_layers(dissection)) visit(layer);
  if (dissection.network != Dissection::no_layer) visit(dissection.layers[dissection.network]);
  return tunnels;
}

std::uint64_t fingerprint_of_tunnels(const Dissection& dissection) {
  if (dissection.tunnel_layers == 0) return 0;
  constexpr std::uint64_t prime = 0x9e3779b97f4a7c15U;
  std::uint64_t fingerprint = 0;
  const auto mix = [&](std::uint64_t value) {
    fingerprint = (fingerprint ^ value) * prime;
    fingerprint ^= fingerprint >> 32U;
  };
  const LayerList<TunnelId> tunnels = tunnels_of(dissection);
  for (const TunnelId& tunnel : tunnels) {
    if (!tunnel.id || tunnel.one_way) continue;
    mix(tunnel.protocol + std::uint64_t{1});
    mix(*tunnel.id);
  }
  return fingerprint;
}

LayerList<std::uint16_t> vlan_ids_of(const Dissection& dissection) {
  LayerList<std::uint16_t> ids;
  for (const Layer& layer : outer_layers(dissection)) {
    if (layer.protocol == protocol_of<Vlan>) ids.add(Vlan(dissection.region_of(layer)).vlan_id());
  }
  return ids;
}

}  // namespace tapdeck
