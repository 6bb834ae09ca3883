#include "dissectors/link_numbers.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tapdeck {
namespace {

struct Name {
  std::uint16_t number;
  std::string_view name;
};

constexpr std::array ppp_protocols{
    Name{0x0021, "IPv4"},
    Name{0x0023, "OSI"},
    Name{0x0029, "AppleTalk"},
    Name{0x002b, "IPX"},
    Name{0x002d, "Van Jacobson compressed TCP/IP"},
    Name{0x002f, "Van Jacobson uncompressed TCP/IP"},
    Name{0x0031, "bridged frame"},
    Name{0x003d, "multilink"},
    Name{0x0053, "encrypted"},
    Name{0x0057, "IPv6"},
    Name{0x0059, "multiplexed"},
    Name{0x00fb, "compressed link of a bundle"},
    Name{0x00fd, "compressed"},
    Name{0x0281, "MPLS"},
    Name{0x0283, "MPLS multicast"},
    Name{0x8021, "IP control (IPCP)"},
    Name{0x8023, "OSI control"},
    Name{0x8031, "bridging control (BCP)"},
    Name{0x8053, "encryption control (ECP)"},
    Name{0x8057, "IPv6 control (IPV6CP)"},
    Name{0x80fb, "link compression control"},
    Name{0x80fd, "compression control (CCP)"},
    Name{0x8281, "MPLS control"},
    Name{0xc021, "link control (LCP)"},
    Name{0xc023, "password authentication (PAP)"},
    Name{0xc025, "link quality report"},
    Name{0xc02b, "bandwidth allocation control"},
    Name{0xc223, "challenge handshake (CHAP)"},
    Name{0xc227, "extensible authentication (EAP)"},
};

constexpr std::array llc_saps{
    Name{0x00, "null"},
    Name{0x02, "LLC sublayer management"},
    Name{0x04, "SNA path control"},
    Name{0x06, "IPv4"},
    Name{0x0e, "PROWAY management"},
    Name{0x42, "spanning tree"},
    Name{0x4e, "manufacturing message service"},
    Name{0x7e, "ISO 8208"},
    Name{0x80, "XNS"},
    Name{0x98, "ARP"},
    Name{0xaa, "SNAP"},
    Name{0xbc, "VINES"},
    Name{0xe0, "IPX"},
    Name{0xf0, "NetBIOS"},
    Name{0xf4, "LAN management"},
    Name{0xf8, "remote program load"},
    Name{0xfe, "OSI network layer"},
    Name{0xff, "global"},
};

constexpr std::array nlpids{
    Name{0x00, "null"},   Name{0x08, "Q.933"}, Name{0x80, "SNAP"}, Name{0x81, "CLNP"},
    Name{0x82, "ES-IS"},  Name{0x83, "IS-IS"}, Name{0x8e, "IPv6"}, Name{0xb0, "FRF.9"},
    Name{0xb1, "FRF.12"}, Name{0xcc, "IPv4"},  Name{0xcf, "PPP"},
};

constexpr std::array hardware_types{
    Name{1, "Ethernet"},
    Name{6, "IEEE 802"},
    Name{7, "ARCNET"},
    Name{15, "frame relay"},
    Name{18, "fibre channel"},
    Name{24, "IEEE 1394"},
    Name{32, "InfiniBand"},
    Name{256, "SLIP"},
    Name{280, "CAN"},
    Name{512, "PPP"},
    Name{513, "Cisco HDLC"},
    Name{768, "IP-in-IP tunnel"},
    Name{769, "IPv6 tunnel"},
    Name{772, "loopback"},
    Name{776, "6in4 tunnel"},
    Name{778, "GRE over IPv4"},
    Name{801, "802.11"},
    Name{802, "802.11 with Prism header"},
    Name{803, "802.11 with radiotap"},
    Name{823, "GRE over IPv6"},
    Name{824, "netlink"},
    Name{0xfffe, "none"},
};

std::string find(const auto& names, std::uint16_t number) {
  const auto found = std::ranges::find(names, number, &Name::number);
  return found == names.end() ? std::string{} : std::string{found->name};
}

}  // namespace

std::string ppp_protocol_name(std::uint16_t protocol) { return find(ppp_protocols, protocol); }

std::string llc_sap_name(std::uint8_t sap) {
  return find(llc_saps, static_cast<std::uint16_t>(sap == 0xff ? sap : sap & 0xfeU));
}

std::string nlpid_name(std::uint8_t nlpid) { return find(nlpids, nlpid); }

std::string arp_hardware_name(std::uint16_t hardware) { return find(hardware_types, hardware); }

}  // namespace tapdeck
