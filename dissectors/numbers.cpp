#include "dissectors/numbers.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tapdeck {
namespace {

struct Name {
  std::uint16_t number;
  std::string_view name;
};

constexpr std::array ether_types{
    Name{0x0800, "IPv4"},
    Name{0x0806, "ARP"},
    Name{0x0842, "Wake-on-LAN"},
    Name{0x22f0, "AVTP"},
    Name{0x22f3, "TRILL"},
    Name{0x6003, "DECnet"},
    Name{0x6558, "Ethernet"},
    Name{0x8035, "RARP"},
    Name{0x809b, "AppleTalk"},
    Name{0x80f3, "AARP"},
    Name{0x8100, "802.1Q"},
    Name{0x8137, "IPX"},
    Name{0x86dd, "IPv6"},
    Name{0x8808, "MAC control"},
    Name{0x8809, "slow protocols"},
    Name{0x880b, "PPP"},
    Name{0x8847, "MPLS"},
    Name{0x8848, "MPLS multicast"},
    Name{0x8863, "PPPoE discovery"},
    Name{0x8864, "PPPoE session"},
    Name{0x888e, "EAPOL"},
    Name{0x8892, "PROFINET"},
    Name{0x88a8, "802.1ad"},
    Name{0x88a4, "EtherCAT"},
    Name{0x88b8, "GOOSE"},
    Name{0x88ba, "sampled values"},
    Name{0x88be, "ERSPAN"},
    Name{0x88cc, "LLDP"},
    Name{0x88e5, "MACsec"},
    Name{0x88e7, "802.1ah"},
    Name{0x88f5, "MVRP"},
    Name{0x88f7, "PTP"},
    Name{0x8902, "802.1ag CFM"},
    Name{0x8906, "FCoE"},
    Name{0x894f, "NSH"},
    Name{0x9000, "loopback test"},
    Name{0x9100, "QinQ"},
};

constexpr std::array ip_protocols{
    Name{0, "hop-by-hop options"},
    Name{1, "ICMP"},
    Name{2, "IGMP"},
    Name{4, "IPv4"},
    Name{6, "TCP"},
    Name{8, "EGP"},
    Name{9, "IGP"},
    Name{17, "UDP"},
    Name{33, "DCCP"},
    Name{41, "IPv6"},
    Name{43, "routing header"},
    Name{44, "fragment header"},
    Name{46, "RSVP"},
    Name{47, "GRE"},
    Name{50, "ESP"},
    Name{51, "AH"},
    Name{58, "ICMPv6"},
    Name{59, "no next header"},
    Name{60, "destination options"},
    Name{88, "EIGRP"},
    Name{89, "OSPF"},
    Name{94, "IPIP"},
    Name{97, "EtherIP"},
    Name{103, "PIM"},
    Name{108, "IPComp"},
    Name{112, "VRRP"},
    Name{115, "L2TP"},
    Name{132, "SCTP"},
    Name{135, "mobility header"},
    Name{136, "UDP-Lite"},
    Name{137, "MPLS"},
    Name{139, "HIP"},
    Name{140, "Shim6"},
    Name{143, "Ethernet"},
};

std::string find(const auto& names, std::uint16_t number) {
  const auto found = std::ranges::find(names, number, &Name::number);
  return found == names.end() ? std::string{} : std::string{found->name};
}

}  // namespace

std::string ether_type_name(std::uint16_t ether_type) { return find(ether_types, ether_type); }

std::string ip_protocol_name(std::uint8_t protocol) { return find(ip_protocols, protocol); }

}  // namespace tapdeck
