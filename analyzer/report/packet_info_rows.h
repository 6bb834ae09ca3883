// The protocols that have a line of their own in packet_info.cpp.
#pragma once

#include <string>

#include "dissectors/dissection.h"

namespace tapdeck {

/// "[SYN,ACK] len 7 seq 1 ack 2 win 3 mss 1460": numbers as in the header.
[[nodiscard]] std::string tcp_info(const Dissection& dissection, const Layer& layer);

/// Of ICMP and ICMPv6, with the packet that an error quotes.
[[nodiscard]] std::string icmp_info(const Dissection& dissection, const Layer& layer);

/// Of ARP and RARP.
[[nodiscard]] std::string arp_info(const Dissection& dissection, const Layer& layer);

}  // namespace tapdeck
