// What a router of WCCP version 2 puts between GRE and the packet that it redirects to a cache
// (draft-wilson-wrec-wccp-v2-01 §4.12.2): service and buckets. Version 1 puts nothing there.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
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
    const Bytes bytes = dissection.region_of(layer).bytes;
    sink.add("service", 1, 1, std::uint64_t{read_octet(bytes, 1)});
    sink.add("alternate_bucket", 2, 1, std::uint64_t{read_octet(bytes, 2)});
    sink.add("primary_bucket", 3, 1, std::uint64_t{read_octet(bytes, 3)});
  }
};

}  // namespace tapdeck
