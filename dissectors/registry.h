// THE list of dissectors. A new protocol is one word here, one file, and its test; where it
// attaches, and to what, stands in its own file. The tables are made when compiling: two dissectors
// on one selector don't compile.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dissectors/arp.h"
#include "dissectors/cisco_hdlc.h"
#include "dissectors/dccp.h"
#include "dissectors/destination_options.h"
#include "dissectors/dissection.h"
#include "dissectors/erspan.h"
#include "dissectors/etherip.h"
#include "dissectors/ethernet.h"
#include "dissectors/fabric_path.h"
#include "dissectors/fddi.h"
#include "dissectors/field.h"
#include "dissectors/fragment_header.h"
#include "dissectors/frame_relay.h"
#include "dissectors/geneve.h"
#include "dissectors/gre.h"
#include "dissectors/gtp_u.h"
#include "dissectors/hop_by_hop.h"
#include "dissectors/icmp.h"
#include "dissectors/icmpv6.h"
#include "dissectors/ieee802_11.h"
#include "dissectors/igmp.h"
#include "dissectors/infiniband.h"
#include "dissectors/ip_version.h"
#include "dissectors/ipsec.h"
#include "dissectors/ipv4.h"
#include "dissectors/ipv6.h"
#include "dissectors/l2tp.h"
#include "dissectors/linux_sll.h"
#include "dissectors/llc.h"
#include "dissectors/macsec.h"
#include "dissectors/mobility_header.h"
#include "dissectors/mpls.h"
#include "dissectors/nflog.h"
#include "dissectors/no_next_header.h"
#include "dissectors/null_loopback.h"
#include "dissectors/per_packet_information.h"
#include "dissectors/ppp.h"
#include "dissectors/pppoe.h"
#include "dissectors/provider_backbone.h"
#include "dissectors/radio.h"
#include "dissectors/role.h"
#include "dissectors/routing_header.h"
#include "dissectors/sctp.h"
#include "dissectors/selector.h"
#include "dissectors/service_header.h"
#include "dissectors/snap.h"
#include "dissectors/step.h"
#include "dissectors/switch_tags.h"
#include "dissectors/tcp.h"
#include "dissectors/teredo.h"
#include "dissectors/token_ring.h"
#include "dissectors/udp.h"
#include "dissectors/udp_lite.h"
#include "dissectors/vlan.h"
#include "dissectors/vxlan.h"
#include "dissectors/wccp_redirect.h"

namespace tapdeck {

/// What every dissector states. `parse` must check every length before it reads; `describe` gets a
/// layer that `parse` accepted. Optional: `static std::optional<std::uint64_t> tunnel_id(Region)`
/// for a tunnel that has an id, and `id_is_one_way` where each direction of a flow has its own.
template <class D>
concept DissectorType = requires(Region region, const ParseContext& context,
                                 const Dissection& dissection, const Layer& layer,
                                 FieldSink& sink) {
  { D::name } -> std::convertible_to<std::string_view>;
  { D::role } -> std::convertible_to<Role>;
  { D::attaches_to.size() } -> std::convertible_to<std::size_t>;
  { D::parse(region, context) } -> std::same_as<Step>;
  { D::describe(dissection, layer, sink) } -> std::same_as<void>;
};

template <DissectorType... D>
struct DissectorList {
  static constexpr std::size_t size = sizeof...(D);
};

using Dissectors =
    DissectorList<Ethernet, Ipv4, Ipv6, Tcp, Udp, Vlan, Llc, Snap, NullLoopback, IpVersion,
                  LinuxSll, LinuxSll2, Ppp, Pppoe, CiscoHdlc, Fddi, FrameRelay, Ieee80211,
                  Ieee80211Subframe, Radiotap, PrismOrAvs, Mpls, MplsPayload, PseudowireControl,
                  Gre, Erspan, EtherIp, Vxlan, VxlanGpe, Geneve, GtpU, L2tp, Teredo,
                  AuthenticationHeader, Esp, HopByHop, RoutingHeader, FragmentHeader,
                  DestinationOptions, MobilityHeader, NoNextHeader, Arp, Rarp, Icmp, Icmpv6, Igmp,
                  Sctp, UdpLite, Dccp, VnTag, CiscoMetadata, Macsec, FabricPath, ProviderBackbone,
                  ServiceHeader, WccpRedirect, TokenRing, PerPacketInformation, Nflog, Infiniband>;

namespace registry {

inline constexpr ProtocolId nobody = 0xff;

/// Position in the list. Requires: D is in it.
template <class D, DissectorType... Listed>
consteval ProtocolId position_in(DissectorList<Listed...>) {
  ProtocolId position = 0;
  const bool found = ((std::same_as<D, Listed> || (++position, false)) || ...);
  return found ? position : nobody;
}

template <DissectorType... D>
consteval auto names_of(DissectorList<D...>) {
  return std::array<std::string_view, sizeof...(D)>{D::name...};
}

template <DissectorType... D>
consteval auto roles_of(DissectorList<D...>) {
  return std::array<Role, sizeof...(D)>{D::role...};
}

inline constexpr auto names = names_of(Dissectors{});
inline constexpr auto roles = roles_of(Dissectors{});

}  // namespace registry

/// The dissector's number in layers and faults.
template <class D>
inline constexpr ProtocolId protocol_of = [] {
  constexpr ProtocolId position = registry::position_in<D>(Dissectors{});
  static_assert(position != registry::nobody, "the dissector is not in the registry");
  return position;
}();

[[nodiscard]] constexpr std::string_view name_of(ProtocolId protocol) {
  return registry::names[protocol];
}
[[nodiscard]] constexpr Role role_of(ProtocolId protocol) { return registry::roles[protocol]; }

}  // namespace tapdeck
