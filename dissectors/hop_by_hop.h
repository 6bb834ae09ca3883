// IPv6 hop-by-hop options (RFC 8200 §4.3). A jumbo payload option (RFC 2675) says how long the
// packet is.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/extension_header.h"
#include "dissectors/field.h"
#include "dissectors/ipv6_options.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class HopByHop {
 public:
  static constexpr std::string_view name = "hop_by_hop";
  static constexpr Role role = Role::extension;
  static constexpr std::array attaches_to{by_ip_protocol(0)};

  /// `header` is the header as far as captured, at least 2 octets.
  explicit HopByHop(Bytes header) : x_bytes(header) {}

  /// Octets after the IPv6 header, this one included.
  [[nodiscard]] std::optional<std::uint32_t> jumbo_payload_length() const {
    std::optional<std::uint32_t> result;
    for_each_ipv6_option(x_bytes.subspan(2), [&](std::uint8_t type, std::size_t, Bytes data) {
      if (type == Ipv6OptionType::jumbo_payload && data.size() == 4) {
        result = read_big_endian<std::uint32_t>(data, 0);
      }
    });
    return result;
  }

  static Step parse(Region region, const ParseContext& context) {
    Step step = ExtensionHeader::parse(region);
    if (step.outcome != Step::Outcome::header) return step;
    const Bytes header = region.limited_to(step.header_length).bytes;
    const auto jumbo = HopByHop(header).jumbo_payload_length();
    if (!jumbo || context.quoted) return step;
    if (*jumbo < step.header_length) return Step::fault(FaultKind::bad_length, step.header_length);
    step.payload = region.limited_to(*jumbo).after(step.header_length);
    return step;
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    FieldCursor cursor(dissection.header_of(layer).bytes, sink);
    describe_ipv6_options_header(cursor);
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
