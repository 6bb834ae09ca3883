// The link types of capture files, numbered as in the LINKTYPE_ registry of tcpdump.org.
#pragma once

#include <cstdint>
#include <string>

namespace tapdeck {

/// Any 16-bit value may occur in a file; the enumerators are those that tapdeck dissects.
enum class LinkType : std::uint16_t {
  null = 0,
  ethernet = 1,
  token_ring = 6,
  ppp = 9,
  fddi = 10,
  raw_bsd = 12,      // DLT_RAW on most systems, found in files of old programs
  raw_openbsd = 14,  // DLT_RAW on OpenBSD, likewise
  ppp_hdlc = 50,
  ppp_ether = 51,
  raw = 101,
  cisco_hdlc = 104,
  ieee802_11 = 105,
  frame_relay = 107,
  loop = 108,
  linux_sll = 113,
  ieee802_11_prism = 119,
  ieee802_11_radiotap = 127,
  ieee802_11_avs = 163,
  per_packet_information = 192,
  ppp_with_direction = 204,
  ipv4 = 228,
  ipv6 = 229,
  nflog = 239,
  infiniband = 242,
  linux_sll2 = 276,
};

/// The registry's name without its prefix, in capitals ("EN10MB"); "LINKTYPE_N" where it has none.
[[nodiscard]] std::string to_string(LinkType link_type);

/// The DLT_ value by which libpcap knows the link type; a few differ from the registry's number.
[[nodiscard]] int data_link_type(LinkType link_type);

/// The reverse, for what libpcap reports of an interface.
[[nodiscard]] LinkType link_type_of(int data_link_type);

}  // namespace tapdeck
