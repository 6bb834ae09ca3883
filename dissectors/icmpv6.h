// ICMPv6 (RFC 4443) with neighbor discovery (RFC 4861) and multicast listener discovery (RFC 2710,
// RFC 3810). An error quotes the packet that caused it; the walk goes on in the quote.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/icmp_message.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

/// IANA's "ICMPv6 type Numbers", those with a shape of their own.
struct Icmpv6Type {
  static constexpr std::uint8_t destination_unreachable = 1, packet_too_big = 2, time_exceeded = 3,
                                parameter_problem = 4, echo_request = 128, echo_reply = 129,
                                listener_query = 130, listener_report = 131, listener_done = 132,
                                router_solicitation = 133, router_advertisement = 134,
                                neighbor_solicitation = 135, neighbor_advertisement = 136,
                                redirect = 137, listener_report_v2 = 143;
};

class Icmpv6 : public IcmpMessage {
 public:
  static constexpr std::string_view name = "icmpv6";
  static constexpr Role role = Role::transport;
  static constexpr std::array attaches_to{by_ip_protocol(58)};

  /// Requires: region.holds(header_octets).
  explicit Icmpv6(Region region) : IcmpMessage(region.bytes) {}

  /// Of "packet too big".
  [[nodiscard]] std::uint32_t mtu() const { return read_big_endian<std::uint32_t>(x_bytes, 4); }

  [[nodiscard]] bool is_echo() const {
    return type() == Icmpv6Type::echo_request || type() == Icmpv6Type::echo_reply;
  }
  /// Quotes a packet (RFC 4443 §2.1); the errors not assigned are of unknown shape.
  [[nodiscard]] bool is_error() const {
    return type() >= Icmpv6Type::destination_unreachable && type() <= Icmpv6Type::parameter_problem;
  }
  /// Octets of the quoted packet before extensions (RFC 4884 §5.2); 0 where nothing is said.
  [[nodiscard]] std::size_t quote_length() const {
    const bool counted =
        type() == Icmpv6Type::destination_unreachable || type() == Icmpv6Type::time_exceeded;
    return counted ? read_octet(x_bytes, 4) * std::size_t{8} : 0;
  }

  static Step parse(Region region, const ParseContext&) {
    return parse_as<Icmpv6>(region, by_ether_type(0x86dd));
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);
};

/// "packet too big" for 2; empty where unassigned.
[[nodiscard]] std::string icmpv6_type_name(std::uint8_t type);

/// "port unreachable" for 1, 4; empty where unassigned.
[[nodiscard]] std::string icmpv6_code_name(std::uint8_t type, std::uint8_t code);

}  // namespace tapdeck
