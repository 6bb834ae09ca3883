// ICMP (RFC 792). An error quotes the packet that caused it; the walk goes on in the quote.
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

/// IANA's "ICMP Type Numbers", those with a shape of their own.
struct IcmpType {
  static constexpr std::uint8_t echo_reply = 0, destination_unreachable = 3, source_quench = 4,
                                redirect = 5, echo = 8, router_advertisement = 9,
                                router_solicitation = 10, time_exceeded = 11,
                                parameter_problem = 12, timestamp = 13, timestamp_reply = 14,
                                information_request = 15, information_reply = 16,
                                address_mask_request = 17, address_mask_reply = 18, traceroute = 30,
                                extended_echo = 42, extended_echo_reply = 43;
};

class Icmp : public IcmpMessage {
 public:
  static constexpr std::string_view name = "icmp";
  static constexpr Role role = Role::transport;
  static constexpr std::array attaches_to{by_ip_protocol(1)};

  /// Requires: region.holds(header_octets).
  explicit Icmp(Region region) : IcmpMessage(region.bytes) {}

  /// RFC 1191 §4, RFC 4884 §4.1: of "fragmentation needed".
  [[nodiscard]] std::uint16_t next_hop_mtu() const {
    return read_big_endian<std::uint16_t>(x_bytes, 6);
  }

  [[nodiscard]] bool is_echo() const {
    return type() == IcmpType::echo || type() == IcmpType::echo_reply;
  }
  /// Requests and replies, paired by identifier and sequence number.
  [[nodiscard]] bool has_identifier() const;
  /// Quotes a packet (RFC 1122 §3.2.2).
  [[nodiscard]] bool is_error() const {
    const std::uint8_t kind = type();
    return kind == IcmpType::destination_unreachable || kind == IcmpType::source_quench ||
           kind == IcmpType::redirect || kind == IcmpType::time_exceeded ||
           kind == IcmpType::parameter_problem;
  }
  /// Octets of the quoted packet before extensions (RFC 4884 §5.1); 0 where nothing is said.
  [[nodiscard]] std::size_t quote_length() const;

  static Step parse(Region region, const ParseContext& context);
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);
};

/// "destination unreachable" for 3; empty where unassigned.
[[nodiscard]] std::string icmp_type_name(std::uint8_t type);

/// "port unreachable" for 3, 3; empty where unassigned.
[[nodiscard]] std::string icmp_code_name(std::uint8_t type, std::uint8_t code);

inline bool Icmp::has_identifier() const {
  const std::uint8_t kind = type();
  return is_echo() || (kind >= IcmpType::timestamp && kind <= IcmpType::address_mask_reply) ||
         kind == IcmpType::extended_echo || kind == IcmpType::extended_echo_reply;
}

inline std::size_t Icmp::quote_length() const {
  const std::uint8_t kind = type();
  const bool counted = kind == IcmpType::destination_unreachable ||
                       kind == IcmpType::time_exceeded || kind == IcmpType::parameter_problem;
  return counted ? read_octet(x_bytes, 5) * std::size_t{4} : 0;
}

inline Step Icmp::parse(Region region, const ParseContext&) {
  return parse_as<Icmp>(region, by_ether_type(0x0800));
}

}  // namespace tapdeck
