// IGMP versions 1 to 3 (RFC 1112, RFC 2236, RFC 3376): who listens to which group.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

/// IANA's "IGMP Type Numbers", those with a shape of their own.
struct IgmpType {
  static constexpr std::uint8_t query = 0x11, report_v1 = 0x12, report_v2 = 0x16, leave = 0x17,
                                report_v3 = 0x22;
};

class Igmp {
 public:
  static constexpr std::string_view name = "igmp";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ip_protocol(2)};
  static constexpr std::size_t header_octets = 8;

  /// Requires: region.holds(header_octets).
  explicit Igmp(Region region) : x_bytes(region.bytes), x_length(region.length) {}

  [[nodiscard]] std::uint8_t type() const { return read_octet(x_bytes, 0); }
  [[nodiscard]] std::uint8_t max_response_code() const { return read_octet(x_bytes, 1); }
  /// Of the message: a query's is told by length and response code (RFC 3376 §7.1). 0: unknown.
  [[nodiscard]] std::uint8_t version() const;

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return {.header_length = static_cast<std::uint32_t>(region.length),
            .payload = region.after(region.length)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
  std::size_t x_length;
};

}  // namespace tapdeck
