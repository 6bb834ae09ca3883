// The IPv6 routing header (RFC 8200 §4.4) of every type that has been assigned: where a packet
// still has to pass, and so where it finally goes.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/extension_header.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

/// IANA's "IPv6 Routing Types".
struct RoutingType {
  static constexpr std::uint8_t source_route = 0, nimrod = 1, mobility = 2, rpl = 3,
                                segment_routing = 4, compact_16 = 5, compact_32 = 6;
};

class RoutingHeader {
 public:
  static constexpr std::string_view name = "routing";
  static constexpr Role role = Role::extension;
  static constexpr std::array attaches_to{by_ip_protocol(43)};

  /// `header` is the header as far as captured, at least 2 octets.
  explicit RoutingHeader(Bytes header) : x_bytes(header) {}

  /// The address at the end of the route; `current` is that of the IPv6 header. None if the packet
  /// is on its last leg, or the header is cut, malformed or of a type without addresses.
  [[nodiscard]] std::optional<IpAddress> final_destination(const IpAddress& current) const;

  static Step parse(Region region, const ParseContext&) { return ExtensionHeader::parse(region); }
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
