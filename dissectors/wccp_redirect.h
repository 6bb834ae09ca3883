// What a router of WCCP version 2 puts between GRE and the packet that it redirects to a cache
// (draft-wilson-wrec-wccp-v2-01 §4.12.2): service and buckets. Version 1 puts nothing there.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class WccpRedirect {
 public:
  static constexpr std::string_view name = "wccp_redirect";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by_ether_type(0x883e)};
  static constexpr std::size_t header_octets = 4;

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const bool version_1 = read_octet(region.bytes, 0) >> 4U == 4;
    if (version_1) return Step::redirect(by_ether_type(0x0800));
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = by(InnerHeader::ip)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    FieldCursor cursor(dissection.header_of(layer).bytes, sink);
    cursor.code<std::uint8_t>("flags");
    cursor.number<std::uint8_t>("service");
    cursor.number<std::uint8_t>("alternate_bucket");
    cursor.number<std::uint8_t>("primary_bucket");
  }
};

}  // namespace tapdeck
